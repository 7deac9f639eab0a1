import type { paths } from '../api/schema.js';
import { visible } from '../ui/visible.js';

type Listed = paths['/v1/members']['get']['responses'][200]['content']['application/json'];
export type Member = Listed['members'][number];
export type Role = Member['role'];

/** What each role lets somebody do, from the most to the least. */
export const ROLES: readonly (readonly [role: Role, may: string])[] = [
  ['owner', 'everything: members, keys, secrets, settings'],
  ['approver', 'what an operator may, and agree to what others ask for'],
  ['operator', 'start and control runs, schedules, webhooks'],
  ['viewer', 'see runs, logs and proofs'],
];

/** Names of the keys of a member that another role revokes, since they may do more. */
export const lostWith = ({ keys }: Pick<Member, 'keys'>, role: Role): string[] =>
  keys.filter(({ outlives }) => !outlives.includes(role)).map(({ name }) => name);

/** `Their key "ci" may do more than a viewer: it is revoked at once, and what uses it stops.` */
export function lostWords(names: readonly string[], role: Role): string {
  const list = names.map((name) => `“${visible(name)}”`).join(', ');
  const article = /^[aeiou]/.test(role) ? 'an' : 'a';
  return names.length === 1
    ? `Their key ${list} may do more than ${article} ${role}: it is revoked at once, and what uses it stops.`
    : `Their keys ${list} may do more than ${article} ${role}: they are revoked at once, and what uses them stops.`;
}

/** Why a member cannot be taken out; undefined: they can. */
export function whyNot({ role }: Pick<Member, 'role'>, members: readonly Pick<Member, 'role'>[]): string | undefined {
  const owners = members.filter((member) => member.role === 'owner').length;
  return role === 'owner' && owners === 1 ? 'This is the last owner.' : undefined;
}
