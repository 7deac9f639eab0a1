/** What a principal may hold, and a key may be given. Each operation asks for one. */
export const PERMISSIONS = ['run:read', 'run:start', 'run:control', 'room:admin'] as const;
export type Permission = (typeof PERMISSIONS)[number];
