/** Exit codes of the command line: 1 the run failed, 2 refused (bad plan, input, usage), 3 parked, 4 denied; 130, left by Ctrl-C, is no error. */
export type ExitCode = 1 | 2 | 3 | 4;

export interface CatalogueEntry {
  readonly what: string;
  readonly mend: string;
  readonly http: number;
  readonly exit: ExitCode;
}

/** One entry: the HTTP status, the exit code, then what happened and how to mend it, each a sentence. */
export const entry = (http: number, exit: ExitCode, what: string, mend: string): CatalogueEntry => ({
  what,
  mend,
  http,
  exit,
});
