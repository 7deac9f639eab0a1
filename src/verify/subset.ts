import type { JsonValue } from '#ir/json.js';
import { inWords } from './evidence.js';

/**
 * Where `actual` does not hold what is `expected`, as a sentence; undefined when it does. An object must have the expected
 * members and may have more; a list must have the expected elements in their order and may have others between them;
 * everything else must be equal.
 */
export function mismatch(expected: JsonValue, actual: JsonValue | undefined, path = '$'): string | undefined {
  if (actual === undefined) return `${path} is missing`;
  if (Array.isArray(expected)) return listMismatch(expected, actual, path);
  if (expected === null || typeof expected !== 'object') {
    return expected === actual ? undefined : `${path} is ${inWords(actual)}, expected ${inWords(expected)}`;
  }
  if (actual === null || typeof actual !== 'object' || Array.isArray(actual))
    return `${path} is ${inWords(actual)}, expected an object`;
  for (const [name, value] of Object.entries(expected)) {
    const member = Object.hasOwn(actual, name) ? actual[name] : undefined;
    const found = mismatch(value, member, `${path}.${name}`);
    if (found) return found;
  }
  return undefined;
}

function listMismatch(expected: JsonValue[], actual: JsonValue, path: string): string | undefined {
  if (!Array.isArray(actual)) return `${path} is ${inWords(actual)}, expected a list`;
  let from = 0;
  for (const [index, value] of expected.entries()) {
    const at = actual.findIndex((element, i) => i >= from && mismatch(value, element) === undefined);
    if (at === -1) return `${path} has no element that fits expected[${index}], ${inWords(value)}`;
    from = at + 1;
  }
  return undefined;
}
