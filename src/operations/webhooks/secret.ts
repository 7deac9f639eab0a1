import { OpsroomError } from '#kit/errors.js';
import { secretBytes } from '#kit/standard-webhooks.js';
import type { Sql } from '#trigger/request.js';
import { addSecret, nextSecretNumber, secretsInUse, type WebhookRow } from '#trigger/webhook-store.js';
import type { Room } from '../room.js';

type Hook = Pick<WebhookRow, 'org' | 'id'>;

/** What a sealed secret is bound to. The name is none that a plan could use. */
const placeOf = ({ org, id }: Hook, n: number) => ({
  org,
  name: `webhook:${id}`,
  environment: '',
  app: '',
  version: n,
});

/** Gives a webhook another secret; the one before stays good for `keepS`. Within a transaction of the tables' owner. */
export async function giveSecret(tx: Sql, room: Room, hook: Hook, secret: string, keepS: number): Promise<void> {
  const n = await nextSecretNumber(tx, hook.org, hook.id);
  const sealed = await room.vault.sealOwn(tx, secret, placeOf(hook, n));
  await addSecret(tx, hook, { n, ...sealed }, { by: room.by, keepS });
}

/**
 * The secrets with which senders of a webhook may sign now; none for a webhook that is not there, after the same looks.
 * @throws OpsroomError VAULT_KEY, SECRET_ALTERED
 */
export async function openSecrets(room: Room, hook: Hook | undefined): Promise<string[]> {
  const { org, id } = hook ?? NOBODY;
  const sealed = await secretsInUse(room.database.engine, org, id);
  return Promise.all(sealed.map((one) => room.vault.openOwn(one, placeOf({ org, id }, one.n))));
}

const NOBODY: Hook = { org: '00000000-0000-0000-0000-000000000000', id: '00000000-0000-0000-0000-000000000000' };

/** A secret that somebody gives must be hard to guess. @throws OpsroomError USAGE */
export function requireStrong(secret: string): string {
  const key = secretBytes(secret);
  if (key.length >= 20 && new Set(key).size >= 8) return secret;
  const mend = 'Leave it out and one is made; or give 20 characters or more, such as `openssl rand -base64 32` makes.';
  throw new OpsroomError('USAGE', { what: 'The secret is too easy to guess.', where: 'secret', mend });
}
