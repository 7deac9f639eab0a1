import { guarding } from './asking.js';
import type { Draft } from './draft.js';

/**
 * A no to a question about going on leaves out all that follows; where it stands in some case only, all that follows in that case. It
 * guards no more than what comes before the next such question, which a no leaves out, and with it what that one guards.
 */
export function guardWhatFollows(drafts: readonly Draft[], stops: ReadonlySet<Draft>): void {
  for (const [at, draft] of drafts.entries()) {
    if (!stops.has(draft)) continue;
    const { if: inCase } = draft.body;
    const following: string[] = [];
    for (const other of drafts.slice(at + 1)) {
      const isSame = other.body['if'] === inCase;
      if (isSame || inCase === undefined) following.push(other.id);
      if (isSame && stops.has(other)) break;
    }
    if (following.length > 0) draft.body = guarding(draft.body, following);
  }
}
