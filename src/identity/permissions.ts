/** What a principal may hold, and a key may be given. Each operation asks for one. */
export const PERMISSIONS = ['run:read', 'run:start', 'run:control', 'room:admin'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What a person is in an organisation. */
export const ROLES = ['owner', 'operator', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

const OF_ROLE: Readonly<Record<Role, readonly Permission[]>> = {
  owner: PERMISSIONS,
  operator: ['run:read', 'run:start', 'run:control'],
  viewer: ['run:read'],
};

export const permissionsOf = (role: Role): ReadonlySet<Permission> => new Set(OF_ROLE[role]);
