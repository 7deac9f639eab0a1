import type { Scope } from './scope.js';
import type { Sql } from './store.js';

/** To which hosts the secrets of a name may be sent, where the scope counts. */
export interface HostsRow extends Scope {
  readonly name: string;
  /** Patterns, at least one. */
  readonly hosts: readonly string[];
}

type HostsKey = Scope & { readonly org: string; readonly name: string };
const keyOf = ({ org, name, environment, app }: HostsKey): string[] => [org, name, environment, app];

/** Every binding of an organisation, by name and scope; only those of a name when one is given. */
export async function listHosts(sql: Sql, org: string, name?: string): Promise<HostsRow[]> {
  const { rows } = await sql.query<HostsRow>(
    `select name, environment, app, hosts from opsroom.secret_hosts
     where org_id = $1 and ($2::text is null or name = $2) order by name, environment, app`,
    [org, name ?? null],
  );
  return rows;
}

/** Binds the secrets of a name and scope, wherever their values come from; to no hosts: frees them. */
export async function setHosts(tx: Sql, key: HostsKey, hosts: readonly string[], by: string): Promise<void> {
  if (hosts.length === 0) {
    const text = 'delete from opsroom.secret_hosts where org_id = $1 and name = $2 and environment = $3 and app = $4';
    await tx.query(text, keyOf(key));
    return;
  }
  await tx.query(
    `insert into opsroom.secret_hosts (org_id, name, environment, app, hosts, set_by) values ($1, $2, $3, $4, $5, $6)
     on conflict (org_id, name, environment, app) do update set hosts = $5, set_by = $6, set_at = clock_timestamp()`,
    [...keyOf(key), hosts, by],
  );
}
