import { type AllowEntry, allowedRole } from '#identity/allowed.js';
import type { Member, Workplaces } from '#identity/people-store.js';

/** Whether a membership holds: whoever came in by the list of the environment stays while they stand on it. Pure. */
export const holds = ({ listed, email }: Pick<Member, 'listed' | 'email'>, allow: readonly AllowEntry[]): boolean =>
  !listed || allowedRole(allow, email) !== undefined;

/** Where somebody works now: where they chose to, else where they came first. Undefined: nowhere any more. Pure. */
export function workplace({ memberships, chosen }: Workplaces, allow: readonly AllowEntry[]): Member | undefined {
  const left = memberships.filter((member) => holds(member, allow));
  return left.find(({ org }) => org === chosen) ?? left[0];
}
