import { secretMark } from '#execute/scope.js';
import type { Scope } from '#ir/expressions.js';
import type { JsonValue } from '#ir/json.js';
import { preview } from '#ir/preview.js';
import type { Mask } from '#observe/redact.js';

const SIGN = '‹';
/** How a text that holds the sign itself is shown. */
const ESCAPED = '‹U+2039›';

interface Shown {
  /** What is known before the run, without the secrets. */
  readonly known: Scope;
  /** The names of the secrets that the plan reads. */
  readonly secrets: Iterable<string>;
  readonly mask: Pick<Mask, 'text' | 'json'>;
  /** What no text of the plan or its inputs can hold: the id of the intent, which was given after they were written. */
  readonly fence: string;
}

/**
 * Arguments for eyes, as they will be: secrets by their names, what depends on the run by a mark. Only the room makes marks: a
 * `‹` of the plan or its inputs is shown by its number, so that nothing else can be taken for one.
 */
export function shownArgs(args: JsonValue, { known, secrets, mask, fence }: Shown): JsonValue {
  const own = `${SIGN}${fence} `;
  const fenced = (mark: string) => mark.replace(SIGN, own);
  const marks = Object.fromEntries([...secrets].map((name) => [name, fenced(secretMark(name))]));
  const shown = preview(args, { ...known, secrets: marks }, fenced);
  return mask.json(eachText(shown, (text) => told(text, mask.text(text), own)));
}

/** Masking comes first: a secret may hold the sign. Where the text held it too, its marks are shown like any other text. */
function told(text: string, masked: string, own: string): string {
  const foreign = text.split(own).some((part) => part.includes(SIGN));
  const parts = masked.split(own);
  return (foreign ? parts.map((part) => part.replaceAll(SIGN, ESCAPED)) : parts).join(SIGN);
}

function eachText(value: JsonValue, change: (text: string) => string): JsonValue {
  if (typeof value === 'string') return change(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((one) => eachText(one, change));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, eachText(one, change)]));
}
