import type { Sql } from '../sql.js';

/** Their names alone: each takes some 100 bytes. */
const MOST = 1000;

const known = new WeakMap<Sql, Set<string>>();

const nameOf = (org: string, digest: string): string => `${org}/${digest}`;

/** Whether a plan was stored over this pool lately. Plans never change, but another database may be restored under the pool. */
export const isStored = (sql: Sql, org: string, digest: string): boolean =>
  known.get(sql)?.has(nameOf(org, digest)) ?? false;

/** Notes that a plan lies in the ledger. */
export function noteStored(sql: Sql, org: string, digest: string): void {
  const names = known.get(sql) ?? new Set<string>();
  known.set(sql, names);
  const [oldest] = names;
  if (names.size >= MOST && oldest !== undefined) names.delete(oldest);
  names.add(nameOf(org, digest));
}
