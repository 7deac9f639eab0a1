import { z } from 'zod';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { runboard } from '../runboard/get.js';
import { Recent } from '../runboard/recent.js';
import type { Runboard } from '../runboard/shape.js';

const at = z.string().nullable();
const check = z.object({ name: z.enum(['workers', 'runs', 'queue', 'people']), ok: z.boolean(), what: z.string() });
const trouble = z.object({
  at,
  what: z.string(),
  mend: z.string().nullable(),
  runId: z.string().nullable(),
  code: z.string(),
});

const status = z.object({
  /** `ok`; `attention`: a person is asked for, or work waits for something; `error`: runs failed within the hour, or nothing works. */
  status: z.enum(['ok', 'attention', 'error']),
  at: z.string(),
  version: z.string(),
  checks: z.array(check),
  runs: z.object({ running: z.int(), queued: z.int(), waiting: z.int(), needPerson: z.int(), failedLastHour: z.int() }),
  workers: z.object({ working: z.int(), silent: z.int() }),
  /** What went wrong within the hour, and what keeps work waiting; the newest first. */
  errors: z.array(trouble),
});
type Status = z.infer<typeof status>;

const MOST_ERRORS = 20;
const KEEP_MS = 3000;
const recent = new Recent<Status>(KEEP_MS);

export const aiStatus = operation({
  name: 'ai.status',
  summary:
    'Tell how the room is: whether it works, what runs, waits and failed within the hour, and what needs a person. At most 3 seconds old.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: status,
  run: (_, room) => recent.get(room.database, room.org, room.ports.clock.monotonicMs(), () => look(room)),
});

async function look(room: Room): Promise<Status> {
  return statusOf(await runboard.run({ minutes: 60 }, room), room.version);
}

/** Pure: what a board says in a few words. */
export function statusOf(board: Runboard, version: string): Status {
  const { tally, workers } = board;
  const failed = board.runs.filter((run) => run.endedAt !== null && run.status === 'failed');
  const working = workers.filter(({ state }) => state === 'beating').length;
  const silent = workers.filter(({ state }) => state === 'silent').length;
  const checks: z.infer<typeof check>[] = [
    { name: 'workers', ok: working > 0, what: working > 0 ? `${working} at work` : 'No worker is at work.' },
    { name: 'runs', ok: failed.length === 0, what: failed.length === 0 ? 'none failed' : `${failed.length} failed` },
    { name: 'queue', ok: board.causes.length === 0, what: board.causes[0]?.what ?? 'nothing holds work up' },
    {
      name: 'people',
      ok: tally.needsYou === 0,
      what: tally.needsYou === 0 ? 'nobody is asked' : `${tally.needsYou} wait for a person`,
    },
  ];
  const wrong = checks.some(({ name, ok }) => !ok && (name === 'workers' || name === 'runs'));
  return {
    status: wrong ? 'error' : checks.every(({ ok }) => ok) ? 'ok' : 'attention',
    at: board.now,
    version,
    checks,
    runs: {
      running: tally.running,
      queued: tally.queued,
      waiting: tally.parked,
      needPerson: tally.needsYou,
      failedLastHour: failed.length,
    },
    workers: { working, silent },
    errors: [...failed.map(failure), ...board.causes.map(hold)].slice(0, MOST_ERRORS),
  };
}

const failure = ({ runId, title, endedAt, error }: Runboard['runs'][number]) => ({
  at: endedAt,
  code: error?.code ?? 'FAILED',
  what: `${title}: ${error?.message ?? 'it failed'}`,
  mend: null,
  runId,
});

const hold = ({ code, what, mend, since }: Runboard['causes'][number]) => ({
  at: since,
  code,
  what,
  mend,
  runId: null,
});
