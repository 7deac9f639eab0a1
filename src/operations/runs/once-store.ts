import type pg from 'pg';

type Sql = Pick<pg.ClientBase, 'query'>;

/** A request that carries a key of the asker's own. */
export interface KeyedRequest {
  readonly org: string;
  readonly principal: string;
  readonly key: string;
  /** Digest of what is asked for. */
  readonly digest: string;
}

/** What was asked for with a key, and the id that its run has or will have. */
export interface Claim {
  readonly digest: string;
  readonly runId: string;
}

const KEPT = "interval '1 day'";
/** So many old ones go with each new one: more than come, so that none pile up. */
const SWEPT = 100;

/** What was asked for with this key within the last day. */
export async function findClaim(
  sql: Sql,
  { org, principal, key }: Omit<KeyedRequest, 'digest'>,
): Promise<Claim | undefined> {
  const { rows } = await sql.query<Claim>(
    `select request_digest as digest, run_id as "runId" from opsroom.run_requests
     where org_id = $1 and principal = $2 and key = $3 and at > clock_timestamp() - ${KEPT}`,
    [org, principal, key],
  );
  return rows[0];
}

/**
 * Takes the key for a run of this id, unless somebody was faster: then what they asked for. One transaction. Old keys are
 * swept last and past those that others hold, so that nobody waits for whom they hold up.
 */
export async function claimKey(tx: Sql, request: KeyedRequest, runId: string): Promise<Claim> {
  const { org, principal, key, digest } = request;
  const { rowCount } = await tx.query(
    `insert into opsroom.run_requests as known (org_id, principal, key, request_digest, run_id) values ($1, $2, $3, $4, $5)
     on conflict (org_id, principal, key) do update
       set request_digest = excluded.request_digest, run_id = excluded.run_id, at = excluded.at
       where known.at <= clock_timestamp() - ${KEPT}`,
    [org, principal, key, digest, runId],
  );
  if (rowCount === 0) return (await findClaim(tx, request)) ?? { digest, runId };
  await tx.query(
    `delete from opsroom.run_requests where ctid = any (array(
       select ctid from opsroom.run_requests where org_id = $1 and at <= clock_timestamp() - ${KEPT}
       order by at limit ${SWEPT} for update skip locked))`,
    [org],
  );
  return { digest, runId };
}
