import { type ErrorCode, OpsroomError } from '#kit/errors.js';

/** One thing that is wrong with a plan. Lines and columns count from 1. */
export interface Problem {
  readonly code: ErrorCode;
  readonly what: string;
  readonly mend: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly step?: string;
}

/** Everything that is wrong with a plan: the message tells the first, `problems` has them all (at most `MAX_PROBLEMS`). */
export class PlanProblems extends OpsroomError {
  readonly problems: readonly [Problem, ...Problem[]];

  constructor(
    problems: readonly [Problem, ...Problem[]],
    readonly count: number = problems.length,
  ) {
    const [first] = problems;
    const more = count > 1 ? ` — and ${count - 1} more` : '';
    super(first.code, { what: `${first.what}${more}`, where: placeOf(first), mend: first.mend });
    this.name = 'PlanProblems';
    this.problems = problems;
  }

  override toJSON(): ReturnType<OpsroomError['toJSON']> & { problems: readonly Problem[] } {
    return { ...super.toJSON(), problems: this.problems };
  }
}

export const MAX_PROBLEMS = 100;

/** `deploy.yaml:12:5, step build`. */
export function placeOf({ file, line, column, step }: Problem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return [place, step === undefined ? '' : `step ${step}`].filter((part) => part !== '').join(', ');
}
