import type pg from 'pg';

/** A transaction of the tables' owner. */
type Sql = Pick<pg.ClientBase, 'query'>;

/** Archives a run that has ended, or takes it back. False when there is no such run, or it has not ended. */
export async function setArchived(sql: Sql, org: string, run: string, by: string | null): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update opsroom.runs set archived_by = $3, archived_at = case when $3::text is null then null else clock_timestamp() end
     where org_id = $1 and id = $2 and ended_at is not null`,
    [org, run, by],
  );
  return rowCount === 1;
}
