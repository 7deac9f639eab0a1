import type { IntentRow, NewIntent } from '#authorise/intents/records.js';
import { approvalsOf, findIntent } from '#authorise/intents/store.js';
import { findRun } from '#execute/runs/store.js';
import type { JsonObject } from '#ir/json.js';
import { mayPass, OpsroomError } from '#kit/errors.js';
import type { Room } from '../room.js';
import { submitPrepared } from '../runs/prepare.js';
import { boundPlan, preparedOf } from './bindings.js';

/**
 * Makes the run of an intent that is to run, from the plan and the inputs that are stored with it. Its id was chosen before, so
 * whoever does it a second time, because the first one died or is still at it, changes nothing.
 */
export async function launch(room: Room, { org, id }: Pick<IntentRow | NewIntent, 'org' | 'id'>): Promise<void> {
  room.ports.failpoint?.('intent:launch');
  const intent = await findIntent(room.database.engine, org, id);
  if (intent?.status !== 'running' || intent.runId === null) return;
  if (await findRun(room.database.engine, org, intent.runId)) return;
  const prepared = await preparedOf(room, intent, await boundPlan(room, intent), intent.form);
  const approvals = await approvalsFor(room, intent);
  const admission = { id: intent.runId, requestedBy: intent.proposedBy, approvals };
  try {
    await submitPrepared({ ...room, org }, prepared, admission);
  } catch (error) {
    if (!(await findRun(room.database.engine, org, intent.runId))) throw error;
  }
}

/** Who agreed, and to what, as the first proof of the run names them. */
async function approvalsFor(room: Room, intent: IntentRow): Promise<JsonObject[]> {
  const words = (await approvalsOf(room.database.engine, intent.org, [intent.id])).get(intent.id) ?? [];
  const { policies } = intent.decision;
  return words
    .filter(({ verdict }) => verdict === 'approve')
    .map(({ by, role, reason, at, form, breakGlass, bound }): JsonObject => {
      const { expiresAt, ...digests } = bound;
      return {
        by,
        role,
        at: at.toISOString(),
        reason,
        intent: intent.id,
        policies: [...policies],
        ...digests,
        ...(expiresAt === null ? {} : { expiresAt }),
        ...(form === null ? {} : { form }),
        ...(breakGlass ? { breakGlass } : {}),
      };
    });
}

/** Whether an error means that trying again changes nothing. */
export const isFinal = (error: unknown): error is OpsroomError => error instanceof OpsroomError && !mayPass(error);
