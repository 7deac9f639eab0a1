/** What is asked of the machine that a runbook is for, to choose between the ways it shows. */
export interface Machine {
  /** As Node names it: `linux`, `darwin`, `win32`. */
  readonly platform: string;
  /** Whether a program is on the path. */
  has(program: string): boolean;
}
