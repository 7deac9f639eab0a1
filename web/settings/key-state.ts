import type { paths } from '../api/schema.js';

type Listed = paths['/v1/keys']['get']['responses'][200]['content']['application/json'];
export type Key = Listed['keys'][number];

/** Whether a key still opens something. */
export function stateOf({ revokedAt, expiresAt }: Pick<Key, 'revokedAt' | 'expiresAt'>, now: Date): string {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= now.getTime() ? 'expired' : 'in use';
}

/** What each scope lets a program do. Approving is none: that is for people. */
export const SCOPES = [
  ['run:read', 'see runs, logs and proofs'],
  ['run:start', 'start runs, as far as policies let it'],
  ['run:control', 'cancel, pause, confirm, roll back'],
  ['intent:propose', 'ask for a run, for somebody to decide'],
  ['trigger:manage', 'schedules and webhooks'],
  ['audit:read', 'read and export the audit log'],
  ['audit:write', 'add notes to the audit log'],
  ['secret:manage', 'set, rotate and delete secrets'],
  ['room:admin', 'members, keys, policies, settings'],
] as const;
export type Scope = (typeof SCOPES)[number][0];

/** The agents that are named most; any other name may be given. */
export const AGENTS = ['gpt', 'claude-code', 'cursor', 'copilot'] as const;
