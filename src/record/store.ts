import type { ClientBase } from 'pg';
import type { JsonValue } from '#ir/json.js';
import type { ChainRecord } from '#ir/proof.js';

/** A connection or a pool, connected as the owner of the tables; inside a transaction where a function says so. */
export type Sql = Pick<ClientBase, 'query'>;

export async function readChain(sql: Sql, org: string, runId: string): Promise<ChainRecord[]> {
  const { rows } = await sql.query<{ record: ChainRecord }>(
    'select record from opsroom.proofs where org_id = $1 and run_id = $2 order by seq',
    [org, runId],
  );
  return rows.map(({ record }) => record);
}

/** Some records of a chain in their order, `after` excluded, at most `limit`. */
export async function readRecords(
  sql: Sql,
  { org, run, after, limit }: { org: string; run: string; after: number; limit: number },
): Promise<ChainRecord[]> {
  const { rows } = await sql.query<{ record: ChainRecord }>(
    'select record from opsroom.proofs where org_id = $1 and run_id = $2 and seq > $3 order by seq limit $4',
    [org, run, after, limit],
  );
  return rows.map(({ record }) => record);
}

export async function readEvidence(sql: Sql, org: string, digests: readonly string[]): Promise<Map<string, JsonValue>> {
  const { rows } = await sql.query<{ digest: string; body: JsonValue }>({
    name: 'read_evidence',
    text: 'select digest, body from opsroom.evidence where org_id = $1 and digest = any ($2)',
    values: [org, digests],
  });
  return new Map(rows.map(({ digest, body }) => [digest, body]));
}
