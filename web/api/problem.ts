/** One of the things that are wrong with a plan. */
export interface PlanProblem {
  readonly code: string;
  readonly what: string;
  readonly mend: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly step?: string;
}

/** What the room says when it refuses (RFC 9457, with the members of docs/api.md). */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly code: string,
    readonly what: string,
    readonly mend: string,
    readonly status: number,
    readonly where?: string | undefined,
    /** Of a plan: all that is wrong with it. */
    readonly problems: readonly PlanProblem[] = [],
  ) {
    super(what);
  }
}

/** The refusal that an answer holds, whatever a proxy on the way made of it. */
export async function toProblem(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => undefined);
  const { code, what, mend, where, problems } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >;
  return new Problem(
    typeof code === 'string' ? code : `HTTP_${response.status}`,
    typeof what === 'string' ? what : `The room answered ${response.status}, without saying why.`,
    typeof mend === 'string' ? mend : 'Look at what stands between this page and the room, and try again.',
    response.status,
    typeof where === 'string' ? where : undefined,
    Array.isArray(problems) ? (problems as PlanProblem[]) : [],
  );
}

/** Any error as what happened and what to do: a request that got no answer throws a TypeError. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(
    'NO_ANSWER',
    'The room does not answer.',
    'Is this device online, and is the room running? npx opsroom start',
    0,
  );
}
