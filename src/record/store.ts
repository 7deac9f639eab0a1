import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ClientBase } from 'pg';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { ArtefactRef, ChainLink, ChainRecord } from '#ir/proof.js';
import { OpsroomError } from '#kit/errors.js';
import type { KeptFile } from './artefacts.js';
import { type AuditEntry, type AuditFact, auditLeaf } from './audit.js';
import type { Envelope, SigningKey } from './dsse.js';

/** A connection or a pool, connected as the owner of the tables; inside a transaction where a function says so. */
export type Sql = Pick<ClientBase, 'query'>;

export interface Attempt {
  readonly org: string;
  readonly runId: string;
  readonly stepId: string;
  readonly item: number;
  readonly revision: number;
  readonly attempt: number;
}

/** Files `kept` under its attempt. Repeating it changes nothing. */
export async function saveArtefact(sql: Sql, of: Attempt, kept: KeptFile): Promise<void> {
  const { org, runId, stepId, item, revision, attempt } = of;
  await sql.query(
    `with stored as (
       insert into opsroom.artefacts (org_id, sha256, size, media_type, body, path) values ($1, $2, $3, $4, $5, $6)
       on conflict (org_id, sha256) do update set created_at = clock_timestamp())
     insert into opsroom.run_artefacts (org_id, run_id, step_id, item, revision, attempt, name, sha256)
     values ($1, $7, $8, $9, $10, $11, $12, $2)
     on conflict (org_id, run_id, step_id, item, revision, attempt, name) do update set sha256 = excluded.sha256`,
    [
      org,
      kept.sha256,
      kept.size,
      'application/octet-stream',
      kept.body,
      kept.file,
      runId,
      stepId,
      item,
      revision,
      attempt,
      kept.name,
    ],
  );
}

export interface ListedArtefact extends ArtefactRef {
  step: string;
  item: number;
  revision: number;
  attempt: number;
  /** False once it was pruned: the proof still names its digest. */
  present: boolean;
}

/** The artefacts of a run, by step and attempt. */
export async function listArtefacts(sql: Sql, org: string, runId: string): Promise<ListedArtefact[]> {
  const { rows } = await sql.query<ListedArtefact>(
    `select r.name, r.sha256, coalesce(a.size, 0)::float8 as size, r.step_id as step, r.item, r.revision, r.attempt, a.sha256 is not null as present
     from opsroom.run_artefacts r left join opsroom.artefacts a using (org_id, sha256)
     where r.org_id = $1 and r.run_id = $2 order by r.step_id, r.item, r.revision, r.attempt, r.name`,
    [org, runId],
  );
  return rows;
}

/**
 * The content of an artefact as a stream, with its size in bytes.
 * @throws OpsroomError NOT_FOUND when the organisation has none with this digest, it was pruned, or its file is not on this host.
 */
export async function openArtefact(
  sql: Sql,
  org: string,
  sha256: string,
  folder: string,
): Promise<{ size: number; stream: Readable }> {
  const { rows } = await sql.query<{ size: number; body: Buffer | null; path: string | null }>(
    'select size::float8 as size, body, path from opsroom.artefacts where org_id = $1 and sha256 = $2',
    [org, sha256],
  );
  const row = rows[0];
  if (row === undefined)
    throw new OpsroomError('NOT_FOUND', {
      what: 'There is no such artefact.',
      where: sha256,
      mend: 'See those of a step: `opsroom show RUN --step STEP`.',
    });
  if (row.path === null) return { size: row.size, stream: Readable.from([row.body ?? Buffer.alloc(0)]) };
  return { size: row.size, stream: await openKept(join(folder, row.path), sha256) };
}

/** Opened here and not by the stream: its error would come before anybody listens, and end the process. */
async function openKept(path: string, sha256: string): Promise<Readable> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause;
    const what = 'The file of the artefact is not on this host.';
    throw new OpsroomError('NOT_FOUND', { what, where: sha256, mend: 'Look on the host whose worker made it.', cause });
  });
  return file.createReadStream();
}

/** Deletes artefacts last stored before `olderThan`; their digests stay in the proofs. Returns how many. */
export async function prune(sql: Sql, org: string, olderThan: Date, folder: string): Promise<number> {
  const { rows } = await sql.query<{ path: string | null; shared: boolean }>(
    `with gone as (delete from opsroom.artefacts where org_id = $1 and created_at < $2 returning sha256, path)
     select path, exists (select 1 from opsroom.artefacts a where a.sha256 = gone.sha256 and a.org_id <> $1) as shared from gone`,
    [org, olderThan],
  );
  for (const { path, shared } of rows) {
    if (path !== null && !shared) await rm(join(folder, path), { force: true });
  }
  return rows.length;
}

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

/**
 * Appends to the organisation's audit tree and returns the entries. Appends of one organisation wait for each other until
 * the transaction ends, so do it last.
 */
export async function appendAudit(tx: Sql, org: string, facts: readonly AuditFact[]): Promise<AuditEntry[]> {
  const lock = `select pg_advisory_xact_lock(hashtextextended('opsroom.audit/' || $1, 0))`;
  await tx.query({ name: 'lock_audit', text: lock, values: [org] });
  const { rows } = await tx.query<{ next: number }>({
    name: 'next_audit',
    text: 'select coalesce(max(seq) + 1, 0)::float8 as next from opsroom.audit_entries where org_id = $1',
    values: [org],
  });
  const next = rows[0]?.next ?? 0;
  const entries = facts.map(
    ({ at, kind, actor, data }, i): AuditEntry => ({ org, seq: next + i, at, kind, actor, data }),
  );
  const hashed = entries.map((entry) => ({ ...entry, leaf: auditLeaf(entry).toString('hex') }));
  await tx.query({
    name: 'append_audit',
    text: `insert into opsroom.audit_entries (org_id, seq, at, kind, actor, data, leaf_hash)
      select $1, e.seq, e.at, e.kind, e.actor, e.data, decode(e.leaf, 'hex')
      from jsonb_to_recordset($2::jsonb) e (seq bigint, at text, kind text, actor text, data jsonb, leaf text)`,
    values: [org, JSON.stringify(hashed)],
  });
  return entries;
}
