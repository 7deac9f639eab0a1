import type pg from 'pg';
import type { Permission, Role } from './permissions.js';

type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

/** What somebody who made something that acts later is now. */
export interface MakerNow {
  /** In the organisation; null: no member any more. */
  readonly role: Role | null;
  readonly key: {
    readonly name: string;
    readonly agent: string | null;
    readonly scopes: readonly Permission[];
    readonly revoked: boolean;
    readonly expired: boolean;
  } | null;
}

/** Asked as the tables' owner, by what acts without anybody asking in that moment. */
export async function findMaker(
  owner: Sql,
  org: string,
  { person, key }: { readonly person: string | null; readonly key: string | null },
): Promise<MakerNow> {
  const { rows } = await owner.query<MakerNow>({
    name: 'find_maker',
    text: `select (select m.role from opsroom.members m where m.org_id = $1 and m.person_id = $2) as role,
      (select json_build_object('name', k.name, 'agent', k.agent, 'scopes', k.scopes, 'revoked', k.revoked_at is not null,
         'expired', coalesce(k.expires_at <= clock_timestamp(), false))
       from opsroom.api_keys k where k.org_id = $1 and k.id = $3) as key`,
    values: [org, person, key],
  });
  return rows[0] ?? { role: null, key: null };
}
