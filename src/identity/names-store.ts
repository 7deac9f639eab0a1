import type pg from 'pg';

type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

export interface KnownPerson {
  readonly id: string;
  /** Every name by which runs and the audit log know them. */
  readonly names: readonly string[];
}

/** Whose name this is, such as `user:ada@build-1`; undefined: of nobody who has come. */
export async function findByName(owner: Sql, name: string): Promise<KnownPerson | undefined> {
  const { rows } = await owner.query<KnownPerson>({
    name: 'find_by_name',
    text: `select k.person_id as id, array(select o.name from opsroom.known_as o where o.person_id = k.person_id order by o.since, o.name) as names
      from opsroom.known_as k where k.name = $1`,
    values: [name],
  });
  return rows[0];
}

/** Gives a person one more name, with the keys that were made under it before it was known whose it is. False when it is somebody else's. */
export async function keepName(tx: Sql, personId: string, name: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into opsroom.known_as (name, person_id) values ($1, $2)
     on conflict (name) do update set since = opsroom.known_as.since where opsroom.known_as.person_id = $2`,
    [name, personId],
  );
  if (rowCount !== 1) return false;
  await tx.query('update opsroom.api_keys set person_id = $2 where created_by = $1 and person_id is null', [
    name,
    personId,
  ]);
  return true;
}
