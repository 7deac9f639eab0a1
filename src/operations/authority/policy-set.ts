import type { PoliciesView } from '#authorise/policy/policies.js';
import { sha256 } from '#ir/digest.js';

/** Enough to tell one text from another; the whole set has a digest of its own. */
const DIGITS = 12;
const MOST_NAMED = 5;

/** The policies of a set, each by the beginning of the digest of its text. */
export function policySet({ policies }: Pick<PoliciesView, 'policies'>): Record<string, string> {
  return Object.fromEntries(policies.map(({ id, text }) => [id, sha256(text).slice(0, DIGITS)]));
}

/** Which policies came, went or read differently, in words: `policy freeze was added`; of many the first; empty: none. */
export function changedPolicies(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = ids.filter((id) => before[id] !== after[id]).slice(0, MOST_NAMED);
  const how = (id: string) => (before[id] === undefined ? 'added' : after[id] === undefined ? 'removed' : 'changed');
  return HOW.flatMap((word) => {
    const named = changed.filter((id) => how(id) === word);
    return named.length === 0 ? [] : `policy ${named.join(', ')} was ${word}`;
  }).join('; ');
}

const HOW = ['added', 'removed', 'changed'] as const;
