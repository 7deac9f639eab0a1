import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Draft } from './assemble-draft.js';
import { LAST_ORDER, session } from './assemble-step.js';

/**
 * The blocks of a rollback, too, are as if typed into one shell: each goes on where the one before it ended. They stand behind all steps,
 * so that they see what was set up to the failure. The last step is taken back first and has the largest places: no rollback sees
 * what another one left.
 */
export function carryOnRollbacks(drafts: readonly Draft[]): void {
  let order = LAST_ORDER + 1 - drafts.reduce((sum, { rollback }) => sum + rollback.length, 0);
  for (const { rollback } of drafts) {
    const last = rollback.findLastIndex(isInSession);
    for (const [at, step] of rollback.entries()) {
      if (isInSession(step)) rollback[at] = placed(step, order, at === last);
      order += 1;
    }
  }
}

/** What nothing comes after leaves nothing behind, unless a check looks at it. */
function placed({ args, verifiers, ...step }: JsonObject, order: number, isLast: boolean): JsonObject {
  const checks = Array.isArray(verifiers) ? verifiers : [];
  const place = { ...session(order), ...(isLast && checks.length === 0 ? { after: true } : {}) };
  return {
    ...step,
    args: { ...(args as JsonObject), session: place },
    ...(verifiers === undefined ? {} : { verifiers: checks.map((check) => seeing(check, order)) }),
  };
}

function seeing(check: JsonValue, order: number): JsonValue {
  const { config } = check as JsonObject;
  if (config === undefined || !('session' in (config as JsonObject))) return check;
  return { ...(check as JsonObject), config: { ...(config as JsonObject), session: session(order) } };
}

function isInSession({ args }: JsonObject): boolean {
  return typeof args === 'object' && args !== null && 'session' in args;
}
