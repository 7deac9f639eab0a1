import { type AuditEntry, type AuditFact, auditLeaf } from './audit.js';
import type { Sql } from './store.js';

const HASH = 32;

/** How many entries the organisation's tree has, those that were rotated included. */
export async function treeSize(sql: Sql, org: string): Promise<number> {
  const { rows } = await sql.query<{ size: number }>({
    name: 'audit_size',
    text: 'select coalesce(max(seq) + 1, 0)::float8 as size from opsroom.audit_entries where org_id = $1',
    values: [org],
  });
  return rows[0]?.size ?? 0;
}

/** The roots of the first blocks, at most `most`, as far as they are kept without a gap. */
export async function blockRoots(sql: Sql, org: string, most: number): Promise<Buffer[]> {
  const { rows } = await sql.query<{ block: number; root: Buffer }>({
    name: 'audit_roots',
    text: 'select block::float8 as block, root from opsroom.audit_blocks where org_id = $1 and block < $2 order by block',
    values: [org, most],
  });
  const gap = rows.findIndex(({ block }, i) => block !== i);
  return rows.slice(0, gap < 0 ? rows.length : gap).map(({ root }) => root);
}

/** The leaf hashes of a block that is kept; none of another. */
export async function blockLeaves(sql: Sql, org: string, block: number): Promise<Buffer[]> {
  const { rows } = await sql.query<{ leaves: Buffer }>({
    name: 'audit_block',
    text: 'select leaves from opsroom.audit_blocks where org_id = $1 and block = $2',
    values: [org, block],
  });
  const leaves = rows[0]?.leaves;
  if (!leaves) return [];
  return Array.from({ length: leaves.length / HASH }, (_, i) => leaves.subarray(i * HASH, (i + 1) * HASH));
}

/** Leaf hashes of entries that are in the database, in order. */
export async function leavesFrom(
  sql: Sql,
  org: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Buffer[]> {
  const { rows } = await sql.query<{ leaf_hash: Buffer }>({
    name: 'audit_leaves',
    text: 'select leaf_hash from opsroom.audit_entries where org_id = $1 and seq >= $2 and seq < $3 order by seq',
    values: [org, from, to],
  });
  return rows.map(({ leaf_hash }) => leaf_hash);
}

export async function insertBlock(
  tx: Sql,
  org: string,
  { block, leaves, root }: { readonly block: number; readonly leaves: Buffer; readonly root: Buffer },
): Promise<void> {
  await tx.query({
    name: 'audit_insert_block',
    text: `insert into opsroom.audit_blocks (org_id, block, leaves, root) values ($1, $2, $3, $4)
      on conflict (org_id, block) do nothing`,
    values: [org, block, leaves, root],
  });
}

/** Which entries are looked for. */
export interface AuditFilter {
  /** The kind or its beginning: `run.sealed`, `call.`, `external:gpt/`. */
  readonly kind?: string | undefined;
  readonly actor?: string | undefined;
  /** ISO 8601 in UTC; inclusive. */
  readonly since?: string | undefined;
  /** Exclusive. */
  readonly until?: string | undefined;
  /** Only calls that were refused or failed. */
  readonly refused?: boolean | undefined;
}

export interface StoredEntry {
  readonly entry: AuditEntry;
  readonly leaf: Buffer;
}

interface Row extends Pick<AuditEntry, 'org' | 'seq' | 'at' | 'kind' | 'actor' | 'data'> {
  readonly leaf_hash: Buffer;
}

/** Ordered by `e.seq`, for `seq` alone would be the number as it is told, of which no index knows. */
const COLUMNS = 'e.org_id as org, e.seq::float8 as seq, e.at, e.kind, e.actor, e.data, e.leaf_hash';

function storedEntry({ org, seq, at, kind, actor, data, leaf_hash }: Row): StoredEntry {
  return { entry: { org, seq, at, kind, actor, data }, leaf: leaf_hash };
}

/** `values` begins with the organisation. Only conditions that are asked for are in the statement, so that each has its index. */
function conditions(org: string, filter: AuditFilter): { readonly where: string; readonly values: unknown[] } {
  const values: unknown[] = [org];
  const where = ['org_id = $1'];
  const ask = (condition: (place: string) => string, value: unknown) => {
    values.push(value);
    where.push(condition(`$${values.length}`));
  };
  if (filter.kind !== undefined) {
    const kind = filter.kind;
    ask((place) => `kind collate "C" >= ${place}`, kind);
    ask((place) => `kind collate "C" < ${place}`, after(kind));
  }
  if (filter.actor !== undefined) ask((place) => `actor = ${place}`, filter.actor);
  if (filter.since !== undefined) ask((place) => `at collate "C" >= ${place}`, filter.since);
  if (filter.until !== undefined) ask((place) => `at collate "C" < ${place}`, filter.until);
  if (filter.refused === true) where.push(`data->>'outcome' <> 'ok'`);
  return { where: where.join(' and '), values };
}

/** The first text that does not begin with `prefix`, by code points. */
const after = (prefix: string): string => `${prefix}\u{10ffff}`;

/** The newest entries below `before`, at most `limit`. */
export async function newestEntries(
  sql: Sql,
  org: string,
  filter: AuditFilter,
  { before, limit }: { readonly before?: number | undefined; readonly limit: number },
): Promise<StoredEntry[]> {
  const { where, values } = conditions(org, filter);
  const { rows } = await sql.query<Row>(
    `select ${COLUMNS} from opsroom.audit_entries e where ${where} and e.seq < $${values.length + 1}
     order by e.seq desc limit $${values.length + 2}`,
    [...values, before ?? Number.MAX_SAFE_INTEGER, limit],
  );
  return rows.map(storedEntry);
}

/** The oldest entries from `from` on and below `to`, at most `limit`. */
export async function oldestEntries(
  sql: Sql,
  org: string,
  filter: AuditFilter,
  { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
): Promise<StoredEntry[]> {
  const { where, values } = conditions(org, filter);
  const { rows } = await sql.query<Row>(
    `select ${COLUMNS} from opsroom.audit_entries e where ${where} and e.seq >= $${values.length + 1} and e.seq < $${values.length + 2}
     order by e.seq limit $${values.length + 3}`,
    [...values, from, to, limit],
  );
  return rows.map(storedEntry);
}

export async function entryAt(sql: Sql, org: string, seq: number): Promise<StoredEntry | undefined> {
  const { rows } = await sql.query<Row>(
    `select ${COLUMNS} from opsroom.audit_entries e where org_id = $1 and seq = $2`,
    [org, seq],
  );
  return rows.map(storedEntry)[0];
}

/** How many of an actor's latest entries of a kind (or its beginning) are younger than `since`; at most `most` are looked at. */
export async function countSince(
  sql: Sql,
  org: string,
  {
    actor,
    kind,
    since,
    most,
  }: { readonly actor: string; readonly kind: string; readonly since: string; readonly most: number },
): Promise<number> {
  const { rows } = await sql.query<{ n: number }>({
    name: 'audit_count_since',
    text: `select count(*)::float8 as n from (
        select at from opsroom.audit_entries where org_id = $1 and actor = $2 and starts_with(kind, $3)
          and at collate "C" >= $4 limit $5) latest`,
    values: [org, actor, kind, since, most],
  });
  return rows[0]?.n ?? 0;
}

/** What left the database, in order. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly file: string;
  readonly by: string;
  readonly at: Date;
}

export async function readSegments(sql: Sql, org: string): Promise<Segment[]> {
  const { rows } = await sql.query<Segment>(
    `select from_seq::float8 as "from", to_seq::float8 as "to", file_sha256 as file, rotated_by as by, rotated_at as at
     from opsroom.audit_segments where org_id = $1 order by from_seq`,
    [org],
  );
  return rows;
}

/** The first entry that is not older than `at`; undefined when all are. */
export async function firstSince(sql: Sql, org: string, at: string): Promise<number | undefined> {
  const { rows } = await sql.query<{ seq: number | null }>(
    'select min(seq)::float8 as seq from opsroom.audit_entries where org_id = $1 and at collate "C" >= $2',
    [org, at],
  );
  return rows[0]?.seq ?? undefined;
}

/** Lets a sealed prefix go; the database refuses anything else. Returns how many entries went. */
export async function rotateEntries(
  tx: Sql,
  org: string,
  segment: { readonly to: number; readonly head: object; readonly file: string; readonly by: string },
): Promise<number> {
  const { rows } = await tx.query<{ gone: number }>('select opsroom.rotate_audit($1, $2, $3, $4, $5)::float8 as gone', [
    org,
    segment.to,
    JSON.stringify(segment.head),
    segment.file,
    segment.by,
  ]);
  return rows[0]?.gone ?? 0;
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
