import { inputNames } from '#ir/input-types.js';
import type { JsonObject } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';
import { didYouMean } from '#ir/suggest.js';
import { OpsroomError } from '#kit/errors.js';
import type { Sql } from '#trigger/request.js';
import { findWebhook, type WebhookRow } from '#trigger/webhook-store.js';
import type { Room } from '../room.js';
import { note } from '../triggers/note.js';

/** @throws OpsroomError NOT_FOUND */
export async function requireWebhook(sql: Sql, room: Room, which: string, locked = false): Promise<WebhookRow> {
  const found = await findWebhook(sql, room.org, which, locked);
  if (found) return found;
  const mend = 'List them: `opsroom webhooks`.';
  throw new OpsroomError('NOT_FOUND', { what: 'There is no such webhook.', where: which, mend });
}

/** Reads as a door. @throws OpsroomError NOT_FOUND */
export function readWebhook(room: Room, which: string): Promise<WebhookRow> {
  return room.database.door(room.org, (tx) => requireWebhook(tx, room, which));
}

/** Changes a webhook under the lock of its row, with its entry in the audit log. @throws OpsroomError NOT_FOUND */
export async function changeWebhook(
  room: Room,
  which: string,
  kind: string,
  change: (tx: Sql, now: WebhookRow) => Promise<JsonObject>,
): Promise<WebhookRow> {
  return room.database.engineTx(async (tx) => {
    const before = await requireWebhook(tx, room, which, true);
    const data = await change(tx, before);
    await note(tx, room, kind, { webhook: before.id, name: before.name, ...data });
    return (await findWebhook(tx, room.org, before.id)) ?? before;
  });
}

/** An input that the plan does not have would refuse every event. @throws OpsroomError INPUT_INVALID */
export function requireNames(plan: Plan, inputs: Readonly<Record<string, string>>): void {
  const names = inputNames(plan);
  const strange = names && Object.keys(inputs).find((name) => !names.includes(name));
  if (strange === undefined) return;
  const what = `The plan has no input "${strange}".`;
  throw new OpsroomError('INPUT_INVALID', { what, mend: didYouMean(strange, names ?? []) });
}
