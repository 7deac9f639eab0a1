import type { JsonObject } from '#ir/json.js';
import { secretNames } from '#ir/sending.js';
import { type Draft, isConditional, isDoneByTool } from './draft.js';

/**
 * Has the first steps need every secret that the plan reads in any case, its rollbacks included: a secret that nobody has set is told
 * before anything is done, not by the step in the middle that reads it. Whether it is set is known only where the run is executed.
 */
export function askForSecrets(drafts: readonly Draft[]): void {
  const certain = drafts.filter((draft) => !isConditional(draft));
  const names = new Set(certain.flatMap((draft) => [...secretsOf(draft)]));
  for (const draft of drafts) {
    if (isDoneByTool(draft)) {
      const missing = [...names].map((name) => `secret:${name}`).filter((one) => !draft.preconditions.includes(one));
      draft.preconditions.push(...missing);
      if (!isConditional(draft)) return;
    }
  }
}

function secretsOf({ body, preconditions, verifiers, rollback }: Draft): ReadonlySet<string> {
  return secretNames({ args: body['args'] ?? {}, preconditions, verifiers, rollback } satisfies JsonObject);
}
