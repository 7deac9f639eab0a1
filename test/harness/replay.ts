import type { Pool } from 'pg';
import type { ReplayPorts } from '#execute/replay/recorded.js';
import { type Replayed, replayRun } from '#execute/replay/replay.js';
import { readRecorded } from '#execute/replay/store.js';
import { readChain } from '#record/store.js';
import { ORG } from './engine.js';

/** Decides a run of the test organisation anew. */
export async function replayed(sql: Pool, ports: ReplayPorts, run: string): Promise<Replayed> {
  const recorded = await readRecorded(sql, ORG, run, await readChain(sql, ORG, run));
  if (!recorded) throw new Error(`no run ${run}`);
  return replayRun(recorded, ports);
}

/** The differences that are found in any run that has ended; none is expected. */
export async function replayedAll(sql: Pool, ports: ReplayPorts): Promise<object[]> {
  const { rows } = await sql.query<{ id: string }>(
    'select id from opsroom.runs where org_id = $1 and ended_at is not null order by created_at',
    [ORG],
  );
  const differences: object[] = [];
  for (const { id } of rows) {
    const { difference } = await replayed(sql, ports, id);
    if (difference) differences.push({ id, ...difference });
  }
  return differences;
}
