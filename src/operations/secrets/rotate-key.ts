import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { appendAudit } from '#record/audit-store.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';

/** Not of the registry: the key lies on the machine, so that only its user exchanges it, from the command line. */
export const rotateVaultKey = operation({
  name: 'secrets.rotateKey',
  summary: 'Put a new vault key in the place of the one in use: every data key is wrapped anew, no value is opened.',
  permission: 'secret:manage',
  changes: true,
  consequential: true,
  input: z.strictObject({}),
  output: z.object({
    /** Ids of the keys that are no longer in use. */
    from: z.array(z.string()),
    to: z.string(),
    rewrapped: z.int(),
    /** It brought an exchange to its end that had been cut short. */
    resumed: z.boolean(),
  }),
  run: async (_, room) => {
    refuseOthers(room);
    const { from, ...exchanged } = await room.vault.exchangeKey(room.database, async (tx, { to, from, rewrapped }) => {
      const at = room.ports.clock.now().toISOString();
      const data = { from: [...from], to, rewrapped };
      await appendAudit(tx, room.org, [{ at, kind: 'vault.key_rotated', actor: room.by, data }]);
    });
    return { ...exchanged, from: [...from] };
  },
});

function refuseOthers({ principal, origin, by }: Room): void {
  if (principal.kind === 'machine' && origin.door === 'cli') return;
  throw new OpsroomError('DENIED', { what: `${by} may not exchange the vault’s key; only this machine’s user may.` });
}
