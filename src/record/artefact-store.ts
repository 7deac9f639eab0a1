import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ArtefactRef } from '#ir/proof.js';
import { OpsroomError } from '#kit/errors.js';
import type { KeptFile } from './artefacts.js';
import type { Sql } from './store.js';

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
