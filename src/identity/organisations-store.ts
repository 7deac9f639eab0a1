import type pg from 'pg';

type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

export interface OrganisationRow {
  readonly id: string;
  /** As addresses and the command line name it. */
  readonly slug: string;
  readonly name: string;
  readonly createdAt: Date;
}

const SHOWN = 'o.id, o.slug, o.name, o.created_at as "createdAt" from opsroom.organisations o';

/** Every organisation of the installation: for whoever may read its data directory. */
export async function listOrganisations(owner: Sql): Promise<OrganisationRow[]> {
  return (await owner.query<OrganisationRow>(`select ${SHOWN} order by o.created_at, o.id`)).rows;
}

/** Those of which a person is a member. */
export async function organisationsOf(owner: Sql, personId: string): Promise<OrganisationRow[]> {
  const { rows } = await owner.query<OrganisationRow>(
    `select ${SHOWN} join opsroom.members m on m.org_id = o.id where m.person_id = $1 order by m.created_at, o.id`,
    [personId],
  );
  return rows;
}

/** @param which its id or its slug */
export async function findOrganisation(owner: Sql, which: string): Promise<OrganisationRow | undefined> {
  const { rows } = await owner.query<OrganisationRow>(
    `select ${SHOWN} where o.id::text = lower($1) or o.slug = lower($1) order by o.id::text = lower($1) desc limit 1`,
    [which],
  );
  return rows[0];
}

/** The width of each lane of a new organisation, as migration 2 gives it to the first one. */
const LANE_WIDTH = 4;

/** Makes an organisation with its lanes. False when one has this slug. */
export async function insertOrganisation(
  tx: Sql,
  { id, slug, name }: Pick<OrganisationRow, 'id' | 'slug' | 'name'>,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    'insert into opsroom.organisations (id, slug, name) values ($1, $2, $3) on conflict (slug) do nothing',
    [id, slug, name],
  );
  await tx.query(
    `insert into opsroom.lanes (org_id, lane, width)
     select o.id, unnest(array['A', 'B', 'C', 'D']), $2 from opsroom.organisations o where o.id = $1`,
    [id, LANE_WIDTH],
  );
  return rowCount === 1;
}
