/** What a step of a workflow runs: values stand in `env` alone, and the script reads them from there. */
export interface Script {
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** The session in which it goes on; its job begins with `SESSION_STEP`. */
  readonly session?: string;
}
