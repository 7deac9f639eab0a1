import type { Me } from '../api/me.js';
import type { paths } from '../api/schema.js';

type Listed = paths['/v1/ide-sessions']['get']['responses'][200]['content']['application/json'];
export type EditorSession = Listed['sessions'][number];

export function stateOf({ endedAt, expiresAt }: EditorSession, now: Date): 'open' | 'ended' | 'expired' {
  if (endedAt !== null) return 'ended';
  return Date.parse(expiresAt) <= now.getTime() ? 'expired' : 'open';
}

/** Why somebody can open none; undefined: they can. */
export function whyNotOpen(
  { person, permissions }: Pick<Me, 'person' | 'permissions'>,
  allowed: boolean,
): string | undefined {
  if (!person) return 'Sign in as a person: this is the machine.';
  if (!permissions.includes('approval:give')) return 'Only those who may approve open one.';
  return allowed ? undefined : 'An owner must allow it first.';
}
