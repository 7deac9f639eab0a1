import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Draft } from './draft.js';
import { LAST_ORDER, session } from './step.js';

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
  const call = movedTo(args as JsonObject, order);
  const after = isLast && checks.length === 0 ? { after: true } : {};
  return {
    ...step,
    args: { ...call, session: { ...(call['session'] as JsonObject), ...after } },
    ...(verifiers === undefined ? {} : { verifiers: checks.map((check) => seeing(check, order)) }),
  };
}

function seeing(check: JsonValue, order: number): JsonValue {
  const { config } = check as JsonObject;
  if (config === undefined || !('session' in (config as JsonObject))) return check;
  return { ...(check as JsonObject), config: movedTo(config as JsonObject, order) };
}

/** The same call at another place of the session; where it begins stays. */
function movedTo(call: JsonObject, order: number): JsonObject {
  const { folder } = call['session'] as JsonObject;
  return { ...call, session: { ...session(order), ...(folder === undefined ? {} : { folder }) } };
}

function isInSession({ args }: JsonObject): boolean {
  return typeof args === 'object' && args !== null && 'session' in args;
}
