import { OpsroomError } from '#kit/errors.js';
import { buildAutomaton } from './automaton.js';
import { secretForms } from './forms.js';
import { type Patterns, Scanner } from './scanner.js';

/** Masks bytes as they come. `settle` may be called while nothing comes: it lets the end of a line through. */
export interface MaskStream {
  write(chunk: Uint8Array): Uint8Array;
  settle(): Uint8Array;
  end(): Uint8Array;
}

export interface Mask {
  text(text: string): string;
  /** A copy with every string, key and number masked; the value itself when nothing was. OUTPUT_REFUSED when nested too deeply. */
  json<T>(value: T): T;
  stream(): MaskStream;
  /** The secrets that are not masked, and why: whoever uses one of them must be refused. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

const SHORTEST = 4;
const LONGEST = 65_536;
const DEEPEST = 1000;
const NOTHING = new Uint8Array(0);
const open: MaskStream = { write: (chunk) => chunk, settle: () => NOTHING, end: () => NOTHING };

/**
 * A mask for secrets (name → value; a name may stand for several values). Each is replaced by `‹secret:NAME›` in all its
 * forms (see `secretForms`). Secrets of fewer than 4 characters would mask everything: they are named in `refused`.
 */
export function createMask(secrets: Iterable<readonly [name: string, value: string]>): Mask {
  const judged = [...secrets].map(([name, value]) => ({ name, value, reason: reasonAgainst(value) }));
  const refused = judged.flatMap(({ name, reason }) => (reason ? [{ name, reason }] : []));
  const kept = judged.filter(({ reason }) => reason === undefined);
  if (kept.length === 0) return { text: (text) => text, json: (value) => value, stream: () => open, refused };
  const patterns = compilePatterns(kept);
  const text = (plain: string) => maskText(plain, patterns);
  return { text, json: (value) => maskJson(value, text, 0), stream: () => new Scanner(patterns), refused };
}

/** Why a value could not be masked, as the end of "it is …"; undefined when it can be. */
export function reasonAgainst(value: string): string | undefined {
  if (value.includes('\0')) return 'no text: it holds a NUL byte';
  const length = Array.from(withoutBreaks(value)).length;
  if (length < SHORTEST) return `shorter than ${SHORTEST} characters: masking it would mask everything`;
  return length > LONGEST ? `longer than ${LONGEST} characters` : undefined;
}

function withoutBreaks(text: string): string {
  return text.replace(/[\r\n]/g, '');
}

function compilePatterns(secrets: readonly { readonly name: string; readonly value: string }[]): Patterns {
  const bytesOf = (text: string) => Buffer.from(withoutBreaks(text));
  const forms = secrets.map(({ value }) =>
    secretForms(value).map(({ text, leads, tails }) => ({
      bytes: bytesOf(text),
      leads: leads.map(bytesOf),
      tails: tails.map(bytesOf),
    })),
  );
  const runs = secrets.flatMap(({ value }) => value.match(/[\r\n]+/g) ?? []);
  // Terminals write a line feed as two bytes, so a run of breaks within a secret may come out twice as long.
  const gap = Math.max(2, ...runs.map((run) => run.length * 2));
  const automaton = buildAutomaton(forms);
  const named = secrets.map(({ name }) => Buffer.from(`‹secret:${name}›`));
  const patterns = { automaton, gap, markers: named };
  // A secret such as "secret" occurs in the markers themselves.
  const telling = named.some((marker) => maskBytes(marker, patterns) !== marker);
  return telling ? { ...patterns, markers: named.map(() => Buffer.from('‹•••›')) } : patterns;
}

/** The same buffer when it holds no secret. */
function maskBytes(bytes: Uint8Array, patterns: Patterns): Uint8Array {
  const scanner = new Scanner(patterns);
  const head = scanner.write(bytes);
  const masked = head === bytes ? head : Buffer.concat([head, scanner.end()]);
  return Buffer.compare(masked, bytes) === 0 ? bytes : masked;
}

function maskText(plain: string, patterns: Patterns): string {
  const bytes = Buffer.from(plain);
  const masked = maskBytes(bytes, patterns);
  return masked === bytes ? plain : Buffer.from(masked).toString();
}

function maskJson<T>(value: T, text: (plain: string) => string, depth: number): T {
  if (depth > DEEPEST) throw new OpsroomError('OUTPUT_REFUSED', { what: `It is nested more than ${DEEPEST} deep.` });
  if (typeof value === 'string') return text(value) as T;
  if (typeof value === 'number') {
    const digits = String(value);
    const masked = text(digits);
    return (masked === digits ? value : masked) as T;
  }
  if (Array.isArray(value)) return value.map((each: unknown) => maskJson(each, text, depth + 1)) as T;
  if (typeof value !== 'object' || value === null) return value;
  // fromEntries defines its properties, so a key "__proto__" stays a key.
  return Object.fromEntries(maskEntries(Object.entries(value), text, depth)) as T;
}

function maskEntries(
  entries: [string, unknown][],
  text: (plain: string) => string,
  depth: number,
): Map<string, unknown> {
  const masked = new Map<string, unknown>();
  for (const [key, value] of entries) {
    let name = text(key);
    while (masked.has(name)) name += '#';
    masked.set(name, maskJson(value, text, depth + 1));
  }
  return masked;
}
