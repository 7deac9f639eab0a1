import { z } from 'zod';
import type { Unusable } from '#authorise/decision.js';
import { unusable } from '#authorise/policy/policies.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { runboard } from '../runboard/get.js';
import { Recent } from '../runboard/recent.js';
import type { Runboard } from '../runboard/shape.js';

const at = z.string().nullable();
const check = z.object({
  name: z.enum(['workers', 'policies', 'runs', 'queue', 'people']),
  ok: z.boolean(),
  what: z.string(),
});
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
  const { folder, problems } = await room.policies.describe();
  const fault = problems.length === 0 ? undefined : unusable(folder, problems);
  return statusOf(await runboard.run({ minutes: 60 }, room), room.version, fault);
}

/** Pure: what a board says in a few words. @param fault of the policies, where they cannot be used */
export function statusOf(board: Runboard, version: string, fault: Unusable | undefined): Status {
  const { tally, workers } = board;
  const failed = board.runs.filter((run) => run.endedAt !== null && run.status === 'failed');
  const working = workers.filter(({ state }) => state === 'beating').length;
  const silent = workers.filter(({ state }) => state === 'silent').length;
  const checks: z.infer<typeof check>[] = [
    { name: 'workers', ok: working > 0, what: working > 0 ? `${working} at work` : 'No worker is at work.' },
    { name: 'policies', ok: fault === undefined, what: fault === undefined ? 'in force' : faultWords(fault) },
    { name: 'runs', ok: failed.length === 0, what: failed.length === 0 ? 'none failed' : `${failed.length} failed` },
    { name: 'queue', ok: board.causes.length === 0, what: board.causes[0]?.what ?? 'nothing holds work up' },
    {
      name: 'people',
      ok: tally.needsYou + tally.approvals === 0,
      what: peopleWords(tally),
    },
  ];
  const wrong = checks.some(({ name, ok }) => !ok && name !== 'queue' && name !== 'people');
  return {
    status: wrong ? 'error' : checks.every(({ ok }) => ok) ? 'ok' : 'attention',
    at: board.now,
    version,
    checks,
    runs: {
      running: tally.running,
      queued: tally.queued,
      waiting: tally.parked,
      needPerson: tally.needsYou + tally.approvals,
      failedLastHour: failed.length,
    },
    workers: { working, silent },
    errors: [...(fault ? [unread(fault)] : []), ...failed.map(failure), ...board.causes.map(hold)].slice(
      0,
      MOST_ERRORS,
    ),
  };
}

/** What is asked of people, in words. */
function peopleWords({ needsYou, approvals }: Runboard['tally']): string {
  const runs = needsYou === 0 ? [] : [`${needsYou} ${needsYou === 1 ? 'waits' : 'wait'} for a person`];
  const intents =
    approvals === 0 ? [] : [`${approvals} ${approvals === 1 ? 'intent waits' : 'intents wait'} for an approval`];
  return [...runs, ...intents].join(', ') || 'nobody is asked';
}

const faultWords = ({ what, where }: Unusable): string => `${what} (${where})`;

/** Since when is not known: the files are looked at when somebody asks. */
const unread = (fault: Unusable) => ({
  at: null,
  code: 'POLICY_INVALID',
  what: faultWords(fault),
  mend: fault.mend,
  runId: null,
});

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
