import { pruneDeliveries, takeOverDeliveries, type WithBody } from '#trigger/delivery-store.js';
import { findWebhook } from '#trigger/webhook-store.js';
import type { Room } from '../room.js';
import { parsePayload } from './payload.js';
import { takeUp } from './receive.js';

const CLAIM_MS = 30_000;
const AT_ONCE = 20;
const KEPT_DAYS = 90;
const PRUNE_MS = 3_600_000;

/** Goes on with deliveries whose process died, and forgets old ones. @param claimMs after so long one counts as left behind */
export function openDeliveries(room: Room, claimMs = CLAIM_MS): { look(): Promise<void> } {
  const { engine } = room.database;
  const { clock } = room.ports;
  let pruned = -Infinity;
  return {
    look: async () => {
      const left = await takeOverDeliveries(engine, { afterMs: claimMs, host: room.host, most: AT_ONCE });
      await Promise.all(left.map((delivery) => goOnWith(room, delivery)));
      if (clock.monotonicMs() - pruned < PRUNE_MS) return;
      pruned = clock.monotonicMs();
      await pruneDeliveries(engine, KEPT_DAYS);
    },
  };
}

/** What fails in a way that may pass stays claimed, and is taken over in a while. */
async function goOnWith(room: Room, delivery: WithBody): Promise<void> {
  try {
    const hook = await findWebhook(room.database.engine, delivery.org, delivery.webhookId);
    const type = delivery.headers['content-type'] ?? '';
    if (hook) await takeUp(room, hook, delivery, (body) => parsePayload(body, type));
  } catch (err) {
    room.log.warn({ err, delivery: delivery.id }, 'a delivery was not decided; it is tried again');
  }
}
