import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { deleteWebhook, pauseWebhook } from '#trigger/webhook-store.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { newSecret } from './create.js';
import { givenSecret, webhookReference } from './form.js';
import { giveSecret } from './secret.js';
import { shownWebhook, webhookView, withSecret } from './view.js';
import { changeWebhook } from './write.js';

const ofWebhook = z.strictObject({ webhook: webhookReference });
const WEEK_S = 7 * 86_400;

async function setPaused(room: Room, which: string, pause: boolean) {
  const kind = pause ? 'webhook.paused' : 'webhook.resumed';
  const changed = await changeWebhook(room, which, kind, async (tx, { id, name, pausedAt }) => {
    if ((pausedAt !== null) === pause) {
      const what = `The webhook "${name}" is ${pause ? 'paused' : 'not paused'} already.`;
      throw new OpsroomError('NOT_ALLOWED_NOW', { what, mend: 'Nothing needs to be done.' });
    }
    await pauseWebhook(tx, room.org, id, pause ? room.by : null);
    return {};
  });
  return shownWebhook(room, changed, undefined);
}

export const pauseWebhookOperation = operation({
  name: 'webhooks.pause',
  summary:
    'Let a webhook start nothing until it is resumed. What comes meanwhile is kept in its list, and can be delivered again.',
  permission: 'trigger:manage',
  changes: true,
  consequential: true,
  input: ofWebhook,
  output: webhookView,
  run: ({ webhook }, room) => setPaused(room, webhook, true),
});

export const resumeWebhookOperation = operation({
  name: 'webhooks.resume',
  summary: 'Let a paused webhook start runs again, from the next event on.',
  permission: 'trigger:manage',
  changes: true,
  consequential: true,
  input: ofWebhook,
  output: webhookView,
  run: ({ webhook }, room) => setPaused(room, webhook, false),
});

export const removeWebhook = operation({
  name: 'webhooks.remove',
  summary:
    'Remove a webhook with its secrets and the list of what came. Its address answers nobody any more; runs and the audit log stay.',
  permission: 'trigger:manage',
  changes: true,
  consequential: true,
  input: ofWebhook,
  output: webhookView,
  run: async ({ webhook }, room) => {
    const removed = await changeWebhook(room, webhook, 'webhook.removed', async (tx, { id }) => {
      await deleteWebhook(tx, room.org, id);
      return {};
    });
    return shownWebhook(room, removed, undefined);
  },
});

export const rotateWebhookSecret = operation({
  name: 'webhooks.rotateSecret',
  summary:
    'Give a webhook a new secret, shown in this answer only. The one before stays good for a while, so that the sender can change over.',
  permission: 'trigger:manage',
  changes: true,
  consequential: true,
  secretInput: true,
  input: ofWebhook.extend({
    secret: givenSecret,
    keepS: z.int().min(0).max(WEEK_S).default(86_400).describe('For how many seconds the secret before stays good.'),
  }),
  output: withSecret,
  run: async ({ webhook, secret: given, keepS }, room) => {
    const secret = newSecret(given);
    const changed = await changeWebhook(room, webhook, 'webhook.secret_rotated', async (tx, hook) => {
      await giveSecret(tx, room, hook, secret, keepS);
      return { keepS };
    });
    return { ...shownWebhook(room, changed, undefined), secret };
  },
});
