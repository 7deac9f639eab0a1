import type { CheckResult } from '#ir/calls.js';
import type { JsonValue } from '#ir/json.js';

/** Characters kept of one text. */
export const EVIDENCE_CAP = 16 * 1024;

/** The beginning of a text, saying so when it is not the whole. */
export function capText(text: string, cap = EVIDENCE_CAP): string {
  if (text.length <= cap) return text;
  // Half a surrogate pair at the cut would make the evidence impossible to hash.
  const kept = text.slice(0, cap).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept}… [truncated: ${text.length} characters in all]`;
}

/** A value as it is when it is small, else the beginning of its JSON text. */
export function capJson(value: JsonValue, cap = EVIDENCE_CAP): JsonValue {
  if (typeof value === 'string') return capText(value, cap);
  const text = JSON.stringify(value);
  return text.length <= cap ? value : capText(text, cap);
}

/** A value in a sentence. */
export function inWords(value: JsonValue): string {
  return capText(JSON.stringify(value), 200);
}

/** A look that could not be made. */
export function inconclusive(summary: string, evidence: JsonValue = null): CheckResult {
  return { passed: false, inconclusive: true, summary, evidence };
}
