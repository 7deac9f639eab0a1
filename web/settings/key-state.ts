import type { paths } from '../api/schema.js';

type Listed = paths['/v1/keys']['get']['responses'][200]['content']['application/json'];
export type Key = Listed['keys'][number];
export type Scope = Key['scopes'][number];

/** Whether a key still opens something. */
export function stateOf({ revokedAt, expiresAt }: Pick<Key, 'revokedAt' | 'expiresAt'>, now: Date): string {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= now.getTime() ? 'expired' : 'in use';
}

/** What each scope lets a program do. */
export const SCOPES: readonly (readonly [scope: Scope, may: string])[] = [
  ['run:read', 'see runs, logs and proofs'],
  ['run:start', 'run commands on this machine'],
  ['run:control', 'cancel, pause, confirm, roll back'],
  ['room:admin', 'make and revoke keys'],
];
