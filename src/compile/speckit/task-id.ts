/**
 * Ids as task lists have them: `T001`, `T002a`, `T041.1`, `T-001.1`, `TASK-001-002`, `P2-001`, `T-US1-03`, `TXXX`. Segments are
 * short, so that a match takes the same time wherever it is tried.
 */
const CODED = /[A-Z][A-Z0-9]{0,11}[a-z]?(?:[-_.](?:\d{1,6}|[A-Z]{1,10}\d{0,4})[a-z]?){0,5}(?![\p{L}\p{N}_])/uy;
const ORDINAL = /\d{1,3}(?:\.\d{1,3}){0,3}(?![\p{L}\p{N}_])/uy;
const WORD =
  /(?:task|tarea|tarefa|tâche|taak|aufgabe|compito|zadanie|задача|任务|任務|タスク|작업|태스크)[ \t]{0,2}#?(?=\d)/iuy;

/** Numbered things that are no tasks: requirements, stories, standards. */
const NO_TASK = new Set(
  'FR NFR RF RNF SC US HU AC CA CHK REQ UC CU BR RN EC ADR ISO RFC UTF SHA AES RSA HTTP HTTPS TLS WCAG GPT CVE CWE OWASP PEP RULE STORY'.split(
    ' ',
  ),
);
const TASK_PREFIX = /^(?:T|TASK|TSK|TK)$/;

export interface FoundId {
  /** As it is written, without a word before it: `T-001`, `1.2`. */
  readonly id: string;
  /** Where what follows it begins. */
  readonly end: number;
  /** `sure`: it begins with T or TASK; `maybe`: another prefix, which others in the document must share; `number`: `1.2`. */
  readonly form: 'sure' | 'maybe' | 'number';
  /** Of `T026..T030` and `T051+T052`: the ids that one line stands for. */
  readonly all?: readonly string[];
}

const JOINT = /\.{2,3}|[…–—~～+&/-]/uy;
const MOST_IN_ONE = 200;

/** Two ids in the place of one, and those between them where a range is written; otherwise what was found. */
export function withOthers(text: string, found: FoundId): FoundId {
  JOINT.lastIndex = found.end;
  const joint = JOINT.exec(text)?.[0];
  const other = joint === undefined ? undefined : idAt(text, found.end + joint.length);
  if (joint === undefined || other === undefined || prefixOf(other.id) !== prefixOf(found.id)) return found;
  const isRange = !/[+&/]/.test(joint);
  const all = [found.id, ...(isRange ? between(found.id, other.id) : []), other.id];
  return { ...found, id: `${found.id}${joint}${other.id}`, end: other.end, all };
}

function between(first: string, last: string): string[] {
  const [from, to] = [countedId(first), countedId(last)];
  if (from === undefined || to === undefined || idKey(from.stem) !== idKey(to.stem)) return [];
  const count = Math.min(MOST_IN_ONE, Math.max(0, to.number - from.number - 1));
  return Array.from({ length: count }, (_, n) => `${from.stem}${from.number + 1 + n}`);
}

/** The id that stands at `at`, where one can stand. A bare number is one only after a word for "task", or when asked for. */
export function idAt(text: string, at: number, options: { readonly numbers?: boolean } = {}): FoundId | undefined {
  WORD.lastIndex = at;
  const word = WORD.exec(text)?.[0].length;
  if (word !== undefined || options.numbers === true) {
    ORDINAL.lastIndex = at + (word ?? 0);
    const number = ORDINAL.exec(text)?.[0];
    if (number !== undefined) return { id: number, end: ORDINAL.lastIndex, form: 'number' };
  }
  CODED.lastIndex = at;
  const found = CODED.exec(text)?.[0];
  return found === undefined ? undefined : coded(found, at);
}

function coded(found: string, at: number): FoundId | undefined {
  const id = untilRepeated(found);
  const prefix = /^[A-Z]+/.exec(id)?.[0] ?? '';
  const end = at + id.length;
  if (/^T(?:X{2,4}|ASK-X{2,4})$/.test(id)) return { id, end, form: 'sure' };
  if (!/\d/.test(id) || NO_TASK.has(prefix)) return undefined;
  if (TASK_PREFIX.test(prefix)) return { id, end, form: 'sure' };
  const isLong = /[-_.]/.test(id) ? /[-_.]\d/.test(id) : /^[A-Z]{1,4}\d{3,}[a-z]?$/.test(id);
  return isLong ? { id, end, form: 'maybe' } : undefined;
}

/** `T001-T004` is a range, not one id: it ends where its own prefix begins anew. */
function untilRepeated(found: string): string {
  const prefix = /^[A-Z]+/.exec(found)?.[0] ?? '';
  const again = found.slice(1).search(new RegExp(`[-_.]${prefix}[-_]?\\d`));
  return again < 0 ? found : found.slice(0, again + 1);
}

/** The letters that an id begins with; of a number, none. */
export function prefixOf(id: string): string {
  return /^[A-Z]*/.exec(id)?.[0] ?? '';
}

/** `T009` and `T9` are the same; what is compared when an id is looked up. */
export function idKey(id: string): string {
  return id.toUpperCase().replaceAll(/(?<![0-9])0+(?=[0-9])/g, '');
}

/** The number at the end of an id and what stands before it, for ranges; undefined where an id has no such number. */
export function countedId(id: string): { readonly stem: string; readonly number: number } | undefined {
  const [, stem = '', digits] = /^(.*?)(\d{1,6})$/.exec(id) ?? [];
  return digits === undefined ? undefined : { stem, number: Number(digits) };
}
