import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { findDelivery, latestDeliveries, listDeliveries, type WithBody } from '#trigger/delivery-store.js';
import { listWebhooks, secretStates, type WebhookRow } from '#trigger/webhook-store.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { webhookReference } from './form.js';
import { deliveryView, secretView, shownDelivery, shownSecret, shownWebhook, webhookView } from './view.js';
import { readWebhook, requireWebhook } from './write.js';

export const listWebhooksOperation = operation({
  name: 'webhooks.list',
  summary: 'List the webhooks by name: what each starts, and what became of the latest event.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: z.object({ webhooks: z.array(webhookView) }),
  run: (_, room) =>
    room.database.door(room.org, async (tx) => {
      const rows = await listWebhooks(tx, room.org);
      const last = await latestDeliveries(tx, room.org);
      return { webhooks: rows.map((row) => shownWebhook(room, row, last.get(row.id))) };
    }),
});

export const getWebhook = operation({
  name: 'webhooks.get',
  summary: 'Show a webhook, and how long its secrets are good. No secret is shown.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ webhook: webhookReference }),
  output: webhookView.extend({ secrets: z.array(secretView) }),
  run: ({ webhook }, room) =>
    room.database.door(room.org, async (tx) => {
      const row = await requireWebhook(tx, room, webhook);
      const [last] = await listDeliveries(tx, room.org, row.id, { limit: 1, cursor: undefined });
      const secrets = await secretStates(tx, room.org, row.id);
      return { ...shownWebhook(room, row, last), secrets: secrets.map(shownSecret) };
    }),
});

export const listDeliveriesOperation = operation({
  name: 'webhooks.deliveries',
  summary:
    'List what came to a webhook with a signature that holds, the latest first, with what became of each and why.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    webhook: webhookReference,
    limit: z.int().min(1).max(200).default(50),
    cursor: z.uuid().optional().describe('The `next` of the page before.'),
  }),
  output: z.object({ deliveries: z.array(deliveryView), next: z.string().nullable() }),
  run: async ({ webhook, limit, cursor }, room) => {
    const { id } = await readWebhook(room, webhook);
    const rows = await room.database.door(room.org, (tx) =>
      listDeliveries(tx, room.org, id, { limit: limit + 1, cursor }),
    );
    const shown = rows.slice(0, limit);
    return { deliveries: shown.map(shownDelivery), next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
  },
});

/** A delivery by its id. @throws OpsroomError NOT_FOUND */
export async function readDelivery(room: Room, hook: WebhookRow, delivery: string): Promise<WithBody> {
  const found = await room.database.door(room.org, (tx) => findDelivery(tx, room.org, hook.id, delivery));
  if (found) return found;
  const mend = 'List them: `opsroom webhooks deliveries NAME`.';
  throw new OpsroomError('NOT_FOUND', { what: 'There is no such delivery.', where: delivery, mend });
}

export const getDelivery = operation({
  name: 'webhooks.delivery',
  summary: 'Show one delivery with its headers, without what authenticates, and its body as it came.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ webhook: webhookReference, delivery: z.uuid() }),
  output: deliveryView.extend({ headers: z.record(z.string(), z.string()), body: z.string() }),
  run: async ({ webhook, delivery }, room) => {
    const { mask } = await room.ports.secrets(room.org, {});
    const row = await readDelivery(room, await readWebhook(room, webhook), delivery);
    return { ...shownDelivery(row), headers: row.headers, body: mask.text(row.body.toString('utf8')) };
  },
});
