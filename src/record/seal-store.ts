import type { JsonObject } from '#ir/json.js';
import type { ChainLink } from '#ir/proof.js';
import type { Envelope, SigningKey } from './dsse.js';
import type { Sql } from './store.js';

export interface SealableRun {
  readonly id: string;
  readonly status: string;
  readonly word: string | null;
  readonly plan_digest: string;
  readonly requested_by: string;
  readonly target: JsonObject;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  /** The records of its chain as they are stored, one a line; null when there are none. */
  readonly chain: string | null;
  /** Number and head of its latest bundle, if it was ever sealed. */
  readonly last_n: number | null;
  readonly last_head: string | null;
}

/**
 * Runs by id, as they are at one moment: what they say, their chains and latest bundles. `is not distinct from`: the
 * organisation is no reason to read all of its runs, as the planner would while the table is young.
 */
export async function readSealable(
  sql: Sql,
  org: string,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, SealableRun>> {
  const { rows } = await sql.query<SealableRun>({
    name: 'read_sealable',
    text: `select r.id, r.status, r.word, r.plan_digest, r.requested_by, r.target, r.started_at, r.ended_at,
        (select string_agg(p.record::text, chr(10) order by p.seq) from opsroom.proofs p where p.org_id = r.org_id and p.run_id = r.id) as chain,
        b.n as last_n, b.head as last_head
      from opsroom.runs r left join lateral (
        select n, head from opsroom.bundles where org_id = r.org_id and run_id = r.id order by n desc limit 1) b on true
      where r.id = any ($2) and r.org_id is not distinct from $1`,
    values: [org, runIds],
  });
  return new Map(rows.map((run) => [run.id, run]));
}

export async function readPlan(sql: Sql, org: string, digest: string): Promise<JsonObject | undefined> {
  const { rows } = await sql.query<{ body: JsonObject }>({
    name: 'read_plan',
    text: 'select body from opsroom.plans where org_id = $1 and digest = $2',
    values: [org, digest],
  });
  return rows[0]?.body;
}

/**
 * Runs that have ended and whose latest records are under no bundle: their worker died between the two. Told by the chain
 * alone: the time of a seal is another machine's clock than that of an end.
 */
export async function unsealedRuns(sql: Sql, limit: number): Promise<{ org: string; run: string }[]> {
  const { rows } = await sql.query<{ org: string; run: string }>(
    `select r.org_id as org, r.id as run from opsroom.runs r
     where r.ended_at is not null
       and not exists (select 1 from opsroom.bundles b where b.org_id = r.org_id and b.run_id = r.id
         and b.head_seq = (select max(p.seq) from opsroom.proofs p where p.org_id = r.org_id and p.run_id = r.id))
     order by r.ended_at desc limit $1`,
    [limit],
  );
  return rows;
}

export interface SealedBundle {
  readonly n: number;
  readonly envelope: Envelope;
  readonly keyid: string;
  readonly head_seq: number;
  readonly head: string;
  readonly audit_seq: number;
  readonly sealed_at: Date;
}

/** The latest bundle of a run, if it was ever sealed. */
export async function latestBundle(sql: Sql, org: string, runId: string): Promise<SealedBundle | undefined> {
  const { rows } = await sql.query<SealedBundle>(
    `select n, envelope, keyid, head_seq, head, audit_seq::float8 as audit_seq, sealed_at from opsroom.bundles
     where org_id = $1 and run_id = $2 order by n desc limit 1`,
    [org, runId],
  );
  return rows[0];
}

/** A bundle to be written. Texts are JSON without line feeds. */
export interface NewSeal {
  readonly run: string;
  readonly n: number;
  /** The last record's number when the chain was read. */
  readonly read: number;
  readonly head: Pick<ChainLink, 'seq' | 'hash'>;
  /** The record that closes the chain, where it was not closed. */
  readonly end: string | undefined;
  readonly envelope: string;
  /** See `auditText`. */
  readonly entry: string;
}

/**
 * Writes bundles of several runs of one organisation, with their heads into its audit tree; all or none.
 *
 * @returns the places in `seals` of those that were written: the others have got records or a bundle since they were read
 */
export async function writeSeals(
  sql: Sql,
  org: string,
  { key, at, seals }: { readonly key: SigningKey; readonly at: Date; readonly seals: readonly NewSeal[] },
): Promise<ReadonlySet<number>> {
  const each = <T>(pick: (seal: NewSeal) => T): T[] => seals.map(pick);
  const { rows } = await sql.query<{ written: number[] }>({
    name: 'write_seals',
    text: 'select opsroom.write_seals($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as written',
    values: [
      org,
      key.keyid,
      key.publicKeyPem,
      at,
      each(({ run }) => run),
      each(({ n }) => n),
      each(({ read }) => read),
      each(({ head }) => head.seq),
      each(({ head }) => head.hash),
      each(({ end = '' }) => end).join('\n'),
      each(({ envelope }) => envelope).join('\n'),
      each(({ entry }) => entry).join('\n'),
    ],
  });
  return new Set(rows[0]?.written.map((place) => place - 1));
}

/** The public key (PEM) of an id, also of keys that are no longer used. */
export async function publicKeyOf(sql: Sql, org: string, keyid: string): Promise<string | undefined> {
  const { rows } = await sql.query<{ public_key: string }>(
    'select public_key from opsroom.signing_keys where org_id = $1 and keyid = $2',
    [org, keyid],
  );
  return rows[0]?.public_key;
}
