import { z } from 'zod';
import { appendAudit } from '#record/audit-store.js';
import { setHosts } from '#secrets/hosts-store.js';
import { scopeWords } from '#secrets/scope.js';
import { listSecrets } from '#secrets/store.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { noSecret } from './get.js';
import { sameScope } from './keep.js';
import { hostsInput, scopeInput, secretName } from './view.js';

export const bindSecret = operation({
  name: 'secrets.bind',
  summary:
    'Say to which hosts a secret may be sent, whichever of its versions and wherever its value comes from: calls that would take it elsewhere are refused. Without hosts it may go anywhere that a plan itself names.',
  permission: 'secret:manage',
  changes: true,
  consequential: true,
  input: z.strictObject({ name: secretName, hosts: hostsInput, ...scopeInput }),
  output: z.object({
    name: z.string(),
    environment: z.string().nullable(),
    app: z.string().nullable(),
    hosts: z.array(z.string()),
  }),
  run: async ({ name, hosts, environment = '', app = '' }, room) => {
    const { org, by } = room;
    const scope = { environment, app };
    await requireSecret(name, scope, room);
    const at = room.ports.clock.now().toISOString();
    await room.database.engineTx(async (tx) => {
      await setHosts(tx, { org, name, ...scope }, hosts, by);
      await appendAudit(tx, org, [{ at, kind: 'secret.bound', actor: by, data: { name, ...scope, hosts } }]);
    });
    room.secrets.forget(org);
    return { name, environment: environment || null, app: app || null, hosts };
  },
});

/** What is not there would be bound unseen. @throws OpsroomError NOT_FOUND */
async function requireSecret(name: string, scope: { environment: string; app: string }, room: Room): Promise<void> {
  const rows = await room.database.door(room.org, (tx) => listSecrets(tx, room.org, name));
  if (rows.some((row) => sameScope(row, scope))) return;
  const outside = scope.environment === '' && scope.app === '' ? await room.secrets.elsewhere(room.org) : [];
  if (!outside.some((one) => one.name === name)) throw noSecret(name, ` for ${scopeWords(scope)}`);
}
