import { z } from 'zod';
import type { JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import { insertDelivery } from '#trigger/delivery-store.js';
import { operation } from '../operation.js';
import { requireHere } from '../triggers/job.js';
import { webhookReference } from './form.js';
import { parsePayload } from './payload.js';
import { readDelivery } from './read.js';
import { settled } from './receive.js';
import { deliveryView, shownDelivery } from './view.js';
import { readWebhook } from './write.js';

export const redeliver = operation({
  name: 'webhooks.redeliver',
  summary:
    'Deliver once more what came before, with the mapping as it is now, on behalf of whoever asks; also while the webhook is paused.',
  permission: 'run:start',
  changes: true,
  consequential: true,
  input: z.strictObject({ webhook: webhookReference, delivery: z.uuid() }),
  output: deliveryView,
  run: async ({ webhook, delivery: which }, room) => {
    const hook = await readWebhook(room, webhook);
    requireHere(room, hook);
    const before = await readDelivery(room, hook, which);
    if (before.cut) {
      const what = `Its body has ${before.bodyBytes} bytes, and was not kept as a whole.`;
      throw new OpsroomError('NOT_ALLOWED_NOW', { what, mend: 'Let the sender send it again.' });
    }
    const id = uuidv7(room.ports.clock.now().getTime());
    const again = { ...before, id, signedOnce: '', redeliveryOf: before.id, redeliveredBy: room.by, tries: 1 };
    await insertDelivery(room.database.engine, again);
    const payload: JsonValue = parsePayload(before.body, before.headers['content-type'] ?? '');
    await settled(room, hook, again, payload, room);
    return shownDelivery(await readDelivery(room, hook, id));
  },
});
