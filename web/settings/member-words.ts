import type { paths } from '../api/schema.js';

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

/** Why a member cannot be taken out; undefined: they can. */
export function whyNot({ role }: Pick<Member, 'role'>, members: readonly Pick<Member, 'role'>[]): string | undefined {
  const owners = members.filter((member) => member.role === 'owner').length;
  return role === 'owner' && owners === 1 ? 'This is the last owner.' : undefined;
}
