import { asOpsroomError, CATALOGUE } from '#kit/errors.js';
import { oneLine } from './format.js';
import type { Output } from './output.js';

interface Shown {
  readonly code: string;
  readonly message: string;
  readonly mend: string;
  /** Of a plan: all that is wrong with it. */
  readonly problems?: readonly ShownProblem[];
}

interface ShownProblem {
  readonly code: string;
  readonly what: string;
  readonly mend: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly step?: string;
}

/** Says what went wrong, in the form that was asked for. Returns the exit code. Never shows a stack. */
export function presentFailure(thrown: unknown, output: Output): number {
  const error = asOpsroomError(thrown);
  const shown: Shown = error.toJSON();
  output.status(undefined);
  if (output.json && !output.gone.aborted) output.result({ error: shown });
  else for (const line of failureLines(shown)) output.note(line);
  return CATALOGUE[error.code].exit;
}

function failureLines({ code, message, mend, problems = [] }: Shown): string[] {
  if (problems.length < 2) return [`error ${code}: ${oneLine(message)}`, `mend: ${oneLine(mend)}`];
  return problems.flatMap((problem) => [
    `error ${problem.code}: ${oneLine(problem.what)}${placed(problem)}`,
    `mend: ${oneLine(problem.mend)}`,
  ]);
}

function placed({ file, line, column, step }: ShownProblem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const where = [place, step === undefined ? '' : `step ${step}`].filter((part) => part !== '').join(', ');
  return where === '' ? '' : ` (${where})`;
}
