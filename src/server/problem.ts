import { CATALOGUE, type ErrorCode, OpsroomError } from '#kit/errors.js';
import type { Room } from '#operations/room.js';

/** An error as it goes over the wire: RFC 9457, with our code, the place and the mend beside it. */
export interface Problem {
  /** `urn:opsroom:error:NOT_FOUND`. */
  readonly type: string;
  /** The catalogue's sentence, the same for every error of the code. */
  readonly title: string;
  /** The HTTP status. */
  readonly status: number;
  readonly code: ErrorCode;
  /** What happened, in this case. */
  readonly what: string;
  /** File, line and column; step; run; member of the request. */
  readonly where?: string;
  /** What to do about it. */
  readonly mend: string;
  /** Of a plan: all that is wrong with it. */
  readonly problems?: readonly unknown[];
}

/** Their words come from a library or a driver and may hold anything, such as the database's address: they go to the log only. */
const UNSPOKEN: ReadonlySet<ErrorCode> = new Set(['INTERNAL', 'DATABASE_FAILED', 'DATABASE_UNREACHABLE', 'DISK_FULL']);

/** What the command line's help says, the form of the request says over HTTP and MCP. */
const SEE_THE_FORM =
  'Change what is named, and send it again: /v1/openapi.json, or the schema of the tool, says what is taken.';

export function problemOf(error: OpsroomError): Problem {
  const { code, where, mend, message } = error;
  const { what: title, http: status } = CATALOGUE[code];
  const type = `urn:opsroom:error:${code}`;
  if (UNSPOKEN.has(code)) return { type, title, status, code, what: title, mend: CATALOGUE[code].mend };
  const { problems } = error.toJSON() as { problems?: readonly unknown[] };
  return {
    type,
    title,
    status,
    code,
    what: withoutPlace(message, where),
    ...(where ? { where } : {}),
    mend: code === 'USAGE' && mend === CATALOGUE.USAGE.mend ? SEE_THE_FORM : mend,
    ...(problems ? { problems } : {}),
  };
}

/**
 * As an agent is told it: files are named from the project's folder on, as it names them itself. Where that lies on the machine helps
 * it to nothing.
 * @param project absolute
 */
export function fromProject(problem: Problem, project: string): Problem {
  const folder = JSON.stringify(project)
    .slice(1, -1)
    .replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  // The same words within an address or a longer path name something else.
  const named = new RegExp(String.raw`(?<![\w./~-])${folder}(?:(/(?=[\w.~-]))|/?(?![\w./~-]))`, 'g');
  const text = JSON.stringify(problem);
  return project === '/'
    ? problem
    : (JSON.parse(text.replaceAll(named, (_, inside?: string) => (inside === undefined ? '.' : ''))) as Problem);
}

/** As whoever asks is told it: an agent from the project's folder on, people with the whole path. */
export function toldTo({ principal, project }: Pick<Room, 'principal' | 'project'>, problem: Problem): Problem {
  return principal.kind === 'agent' ? fromProject(problem, project) : problem;
}

/** The message of an error ends with its place in brackets. */
function withoutPlace(message: string, where: string | undefined): string {
  const place = ` (${where})`;
  return where && message.endsWith(place) ? message.slice(0, -place.length) : message;
}

/** @param more headers that this refusal needs: `Allow`, `Retry-After` */
export function problemResponse(problem: Problem, more: Readonly<Record<string, string>> = {}): Response {
  const headers = new Headers({ ...more, 'content-type': 'application/problem+json' });
  if (problem.status === 401) headers.set('www-authenticate', 'Bearer realm="opsroom"');
  return Response.json(problem, { status: problem.status, headers });
}

/** A refusal of the door itself. */
export function refusal(code: ErrorCode, what: string, more?: Readonly<Record<string, string>>): Response {
  return problemResponse(problemOf(new OpsroomError(code, { what })), more);
}
