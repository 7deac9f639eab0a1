import { OpsroomError } from '#kit/errors.js';
import type { JsonValue } from './json.js';

/** Deeper values are refused before anything walks them by recursion. */
export const MAX_DEPTH = 100;

const strict = new TextDecoder('utf-8', { fatal: true });
const MEND = 'Send one JSON value in UTF-8, as docs/api.md shows.';

/**
 * Reads a request's JSON. Nesting is measured on the text, so that a hostile body is never built. Text that the database
 * could not hold (NUL, lone surrogates) and numbers beyond what a number can be (1e999) are refused here, for every operation at once.
 *
 * @throws OpsroomError USAGE
 */
export function parseBoundedJson(bytes: Uint8Array): JsonValue {
  const text = decode(bytes);
  if (depthOf(text) > MAX_DEPTH) {
    throw new OpsroomError('USAGE', { what: `The body is nested deeper than ${MAX_DEPTH}.`, mend: MEND });
  }
  const value = parse(text);
  refuseUnstorable(value);
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch (cause) {
    throw new OpsroomError('USAGE', { what: 'The body is not text in UTF-8.', mend: MEND, cause });
  }
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    // The parser's own words quote the body.
    throw new OpsroomError('USAGE', { what: 'The body is not JSON.', mend: MEND, cause });
  }
}

/** How deep the brackets of a JSON text go; brackets inside strings do not count. */
export function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (quoted) {
      if (unit === BACKSLASH) i++;
      else if (unit === QUOTE) quoted = false;
    } else if (unit === QUOTE) quoted = true;
    else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) deepest = Math.max(deepest, ++depth);
    else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) depth--;
  }
  return deepest;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

function refuseUnstorable(value: JsonValue): void {
  if (typeof value === 'string') refuseText(value);
  else if (typeof value === 'number') refuseInfinite(value);
  else if (Array.isArray(value)) for (const element of value) refuseUnstorable(element);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      refuseText(key);
      refuseUnstorable(member);
    }
  }
}

/** Read as infinite, it could be written down nowhere. */
function refuseInfinite(value: number): void {
  if (Number.isFinite(value)) return;
  const what = 'The request holds a number that is too large, such as 1e999.';
  throw new OpsroomError('USAGE', { what, mend: 'Send it as text, or a smaller one.' });
}

/** @throws OpsroomError USAGE for text with NUL or lone surrogates */
export function refuseText(text: string): void {
  if (!text.includes('\0') && !/\p{Surrogate}/u.test(text)) return;
  const what = 'The request holds a character that cannot be stored: NUL, or half of a surrogate pair.';
  throw new OpsroomError('USAGE', { what, mend: 'Leave it out.' });
}
