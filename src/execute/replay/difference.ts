import { canonicalJson } from '#ir/digest.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { differencesOf } from '#ir/plan-diff.js';

/** Where the records and the rules part for the first time. */
export interface ReplayDifference {
  /** Null: it is of the run as a whole. */
  readonly step: string | null;
  readonly item: number | null;
  readonly attempt: number | null;
  /** Of the event at which it shows; null: it shows when all events have been followed. */
  readonly seq: number | null;
  readonly recorded: string;
  readonly decided: string;
  readonly why: string;
}

/** Thrown inside a replay, which ends at the first difference. */
export class Differs extends Error {
  constructor(readonly difference: ReplayDifference) {
    super(difference.why);
  }
}

/** What a line of the records is about. */
export interface Subject {
  readonly step?: string | null | undefined;
  readonly item?: number | null | undefined;
  readonly attempt?: number | null | undefined;
}

export interface Line extends Subject {
  readonly type: string;
  readonly data?: JsonValue | undefined;
}

/** One line in words: `step.done, proven`. */
export function lineWords({ type, data }: Line): string {
  if (data === null || typeof data !== 'object' || Array.isArray(data)) return type;
  const { word, error, code, reason, outcome, items, cause, by } = data;
  const fault = error !== null && typeof error === 'object' && !Array.isArray(error) ? error['code'] : undefined;
  const parts = [word, fault, code, outcome ?? reason, cause, typeof items === 'number' ? `${items} items` : undefined];
  const said = parts.filter((part): part is string => typeof part === 'string' && part !== '');
  const person = typeof by === 'string' ? ` (by ${by})` : '';
  return `${[type, ...said].join(', ')}${person}`;
}

/** What JSON keeps of a value. */
export const plain = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value ?? null)) as JsonValue;

/** The members in which two records differ, in words; undefined: they are the same. */
export function unlike(
  recorded: JsonObject,
  decided: JsonObject,
): { path: string; recorded: string; decided: string } | undefined {
  const [first] = differencesOf(plain(recorded), plain(decided));
  if (!first) return undefined;
  const { path, before, after } = first;
  return { path, recorded: `${path}: ${shown(before)}`, decided: `${path}: ${shown(after)}` };
}

const MOST_SHOWN = 200;

function shown(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  const text = canonicalJson(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}
