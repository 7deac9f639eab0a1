import type pg from 'pg';

type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

/** A set of policies as it is kept. */
export interface PolicyVersion {
  readonly digest: string;
  readonly folder: string;
  /** Name → text. */
  readonly files: Readonly<Record<string, string>>;
  readonly problems: readonly object[];
}

/**
 * Keeps a set where it is another than the last that was noted in the organisation; processes that see the same change at once
 * wait for each other.
 * @returns the digest of the one before it (null: there was none); undefined where nothing changed
 */
export async function noteVersion(
  tx: Sql,
  org: string,
  version: PolicyVersion,
): Promise<{ before: string | null } | undefined> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('opsroom.policies/' || $1, 0))`, [org]);
  const { rows } = await tx.query<{ n: number; digest: string }>(
    'select n::float8 as n, digest from opsroom.policy_versions where org_id = $1 order by n desc limit 1',
    [org],
  );
  const [last] = rows;
  if (last?.digest === version.digest) return undefined;
  const { digest, folder, files, problems } = version;
  await tx.query(
    `insert into opsroom.policy_versions (org_id, n, digest, folder, files, problems) values ($1, $2, $3, $4, $5, $6)`,
    [org, last === undefined ? 0 : last.n + 1, digest, folder, JSON.stringify(files), JSON.stringify(problems)],
  );
  return { before: last?.digest ?? null };
}

/** Every organisation of the room: they share its policies. */
export async function organisations(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>('select id from opsroom.organisations order by id');
  return rows.map(({ id }) => id);
}
