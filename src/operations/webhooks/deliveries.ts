import { pruneDeliveries, takeOverDeliveries } from '#trigger/delivery-store.js';
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
      for (const delivery of left) {
        const hook = await findWebhook(engine, delivery.org, delivery.webhookId);
        const type = delivery.headers['content-type'] ?? '';
        if (hook) await takeUp(room, hook, delivery, (body) => parsePayload(body, type));
      }
      if (clock.monotonicMs() - pruned < PRUNE_MS) return;
      pruned = clock.monotonicMs();
      await pruneDeliveries(engine, KEPT_DAYS);
    },
  };
}
