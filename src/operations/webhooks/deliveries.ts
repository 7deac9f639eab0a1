import {
  giveUpDeliveries,
  pruneBodies,
  pruneDeliveries,
  takeOverDeliveries,
  type WithBody,
} from '#trigger/delivery-store.js';
import { findWebhook } from '#trigger/webhook-store.js';
import type { Room } from '../room.js';
import { parsePayload } from './payload.js';
import { takeUp } from './receive.js';

const CLAIM_MS = 30_000;
const AT_ONCE = 20;
const KEPT_DAYS = 90;
/** With what one webhook may take in until the next look, at 5 a second and 256 KiB each, it stays below 1 GB. */
const KEPT_BODIES = { days: 7, mostBytes: 256 * 1024 * 1024 };
const WAITED_DAYS = 7;
const PRUNE_MS = 600_000;

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
      await giveUpDeliveries(engine, WAITED_DAYS);
      await pruneBodies(engine, KEPT_BODIES);
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
