/** One line of the doctor's report. */
export interface Finding {
  /** Stable, for programs: `node`, `disk`, `database`. */
  readonly id: string;
  readonly title: string;
  readonly ok: boolean;
  /** Without it the room cannot work. */
  readonly essential: boolean;
  readonly found: string;
  /** What to do about it, when it lacks. */
  readonly mend?: string;
}
