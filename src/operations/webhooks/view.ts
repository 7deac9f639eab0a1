import { z } from 'zod';
import { DELIVERY_STATES, type DeliveryRow } from '#trigger/delivery-store.js';
import { WEBHOOK_FORMS } from '#trigger/signature.js';
import type { SecretState, WebhookRow } from '#trigger/webhook-store.js';
import type { Room } from '../room.js';
import { jobView, shownJob } from '../triggers/job.js';

export const deliveryView = z.object({
  deliveryId: z.string(),
  /** The sender's own name for it. */
  senderId: z.string(),
  event: z.string(),
  receivedAt: z.string(),
  bodyDigest: z.string(),
  bodyBytes: z.int(),
  /** Its body was longer than what is kept, so that it cannot be delivered again. */
  cut: z.boolean(),
  redeliveryOf: z.string().nullable(),
  redeliveredBy: z.string().nullable(),
  state: z.enum(DELIVERY_STATES),
  code: z.string().nullable(),
  reason: z.string().nullable(),
  runId: z.string().nullable(),
  intentId: z.string().nullable(),
});

export const webhookView = z.object({
  webhookId: z.string(),
  name: z.string(),
  form: z.enum(WEBHOOK_FORMS),
  /** Where senders post to. */
  url: z.string(),
  ...jobView,
  inputs: z.record(z.string(), z.string()),
  filter: z.string().nullable(),
  /** Who answers for its runs: whoever made it or changed it last. */
  madeBy: z.string(),
  createdAt: z.string(),
  changedAt: z.string(),
  paused: z.boolean(),
  pausedBy: z.string().nullable(),
  /** The latest that came. */
  last: deliveryView.nullable(),
});
export type WebhookView = z.infer<typeof webhookView>;

/** The secret, shown this once. */
export const withSecret = webhookView.extend({ secret: z.string() });

export const secretView = z.object({
  n: z.int(),
  createdAt: z.string(),
  createdBy: z.string(),
  /** Null: until it is replaced. */
  expiresAt: z.string().nullable(),
});

export const shownSecret = ({ n, createdAt, createdBy, expiresAt }: SecretState): z.infer<typeof secretView> => ({
  n,
  createdAt: createdAt.toISOString(),
  createdBy,
  expiresAt: expiresAt?.toISOString() ?? null,
});

export function shownDelivery(row: DeliveryRow): z.infer<typeof deliveryView> {
  const { id, senderId, event, receivedAt, bodyDigest, bodyBytes, cut, redeliveryOf, redeliveredBy } = row;
  const { state, code, reason, runId, intentId } = row;
  const came = { senderId, event, receivedAt: receivedAt.toISOString(), bodyDigest, bodyBytes, cut };
  return { deliveryId: id, ...came, redeliveryOf, redeliveredBy, state, code, reason, runId, intentId };
}

export function shownWebhook({ url }: Pick<Room, 'url'>, row: WebhookRow, last: DeliveryRow | undefined): WebhookView {
  return {
    webhookId: row.id,
    name: row.name,
    form: row.form,
    url: new URL(`/hooks/${row.id}`, url()).href,
    ...shownJob(row),
    inputs: row.inputs,
    filter: row.filter,
    madeBy: row.madeBy,
    createdAt: row.createdAt.toISOString(),
    changedAt: row.changedAt.toISOString(),
    paused: row.pausedAt !== null,
    pausedBy: row.pausedBy,
    last: last ? shownDelivery(last) : null,
  };
}
