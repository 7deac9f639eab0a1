import type { Role } from './permissions.js';

/** What somebody who comes by a provider for the first time is here. `who`: an e-mail, or `@example.com` for a domain. */
export interface AllowEntry {
  readonly who: string;
  readonly role: Role;
}

/** The role that the list gives to an e-mail; the e-mail itself wins over its domain. Undefined: it is not listed. */
export function allowedRole(allow: readonly AllowEntry[], email: string): Role | undefined {
  const lower = email.toLowerCase();
  const domain = lower.slice(lower.lastIndexOf('@'));
  return (allow.find(({ who }) => who === lower) ?? allow.find(({ who }) => who === domain))?.role;
}
