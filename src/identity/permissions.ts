/** What a principal may hold. Each operation asks for one. */
export const PERMISSIONS = [
  'run:read',
  'run:start',
  'run:control',
  'intent:propose',
  'approval:give',
  'trigger:manage',
  'audit:read',
  'audit:write',
  'secret:manage',
  'room:admin',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What a key may be given: approving is for people who have signed in. */
export const KEY_SCOPES = PERMISSIONS.filter(
  (permission): permission is Exclude<Permission, 'approval:give'> => permission !== 'approval:give',
);

/** What a person is in an organisation, from the most to the least. */
export const ROLES = ['owner', 'approver', 'operator', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

const VIEWER: readonly Permission[] = ['run:read'];
const OPERATOR: readonly Permission[] = [...VIEWER, 'run:start', 'run:control', 'intent:propose', 'trigger:manage'];
const OF_ROLE: Readonly<Record<Role, readonly Permission[]>> = {
  owner: PERMISSIONS,
  approver: [...OPERATOR, 'approval:give', 'audit:read'],
  operator: OPERATOR,
  viewer: VIEWER,
};

export const permissionsOf = (role: Role): ReadonlySet<Permission> => new Set(OF_ROLE[role]);
