import type { PoliciesView } from '#authorise/policy/policies.js';
import { sha256 } from '#ir/digest.js';

/** Enough to tell one text from another; the whole set has a digest of its own. */
const DIGITS = 12;
const MOST_NAMED = 5;

/** The policies of a set, each by the beginning of the digest of its text. */
export function policySet({ policies }: Pick<PoliciesView, 'policies'>): Record<string, string> {
  return Object.fromEntries(policies.map(({ id, text }) => [id, sha256(text).slice(0, DIGITS)]));
}

/** Ids of the policies that came, went or read differently; of many the first. */
export function changedPolicies(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return ids.filter((id) => before[id] !== after[id]).slice(0, MOST_NAMED);
}
