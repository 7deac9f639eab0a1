import { z } from 'zod';
import type { ReplayDifference } from '#execute/replay/difference.js';
import type { Replayed } from '#execute/replay/replay.js';
import type { ChainRecord } from '#ir/proof.js';
import { hasEnded, STATUS_WORDS } from '#ir/state.js';
import { OpsroomError } from '#kit/errors.js';
import { type ChainReport, verifyChain } from '#record/chain.js';
import { readChain } from '#record/store.js';
import { readStanding } from '../follow.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { resolveRun, runReference } from './reference.js';

export const replayView = z.object({
  runId: z.string(),
  title: z.string(),
  /** Every decision follows from the records. */
  same: z.boolean(),
  /** Decisions that were found the same, up to the first difference. */
  decisions: z.int(),
  /** What they were about: starts, conditions, outcomes, verdicts, retries, … */
  counts: z.array(z.object({ about: z.string(), count: z.int() })),
  /** What no rule decided: a person said so. */
  people: z.array(z.object({ seq: z.int(), at: z.string(), by: z.string(), what: z.string(), reason: z.string() })),
  /** Where the records and the rules part for the first time; null: nowhere. */
  difference: z
    .object({
      step: z.string().nullable(),
      item: z.int().nullable(),
      attempt: z.int().nullable(),
      /** Number of the event at which it shows; null: it shows elsewhere. */
      seq: z.int().nullable(),
      recorded: z.string(),
      decided: z.string(),
      why: z.string(),
    })
    .nullable(),
});
export type ReplayView = z.infer<typeof replayView>;

export const replay = operation({
  name: 'runs.replay',
  summary:
    'Decide a run that has ended anew, from its records and by the engine’s own rules, and name the first decision that does not follow. Nothing is called.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ run: runReference }),
  output: replayView,
  run: async ({ run: reference }, room): Promise<ReplayView> => {
    const id = await resolveRun(room, reference);
    const { org } = room;
    await refuseLong(room, id);
    const [{ replayRun }, { readRecorded }] = await Promise.all([
      import('#execute/replay/replay.js'),
      import('#execute/replay/store.js'),
    ]);
    const { chain, recorded } = await room.database.door(org, async (tx) => {
      const chain = await readChain(tx, org, id);
      return { chain, recorded: await readRecorded(tx, org, id, chain) };
    });
    if (!recorded) throw new OpsroomError('NOT_FOUND', { what: 'There is no such run.', where: reference });
    const { status, title } = recorded.run;
    if (!hasEnded(status)) {
      const what = `Only what has ended can be decided anew, and ${STATUS_WORDS[status]}.`;
      throw new OpsroomError('NOT_ALLOWED_NOW', { what, where: `run ${id}` });
    }
    const report = verifyChain(chain, { run: id, end: 'optional' });
    const isReadable = report.ok || report.problem !== 'malformed';
    const found = isReadable ? await replayRun(recorded, room.ports) : undefined;
    return { runId: id, title, ...shown(found, found?.difference ?? brokenAt(report, chain)) };
  },
});

/** What the process of a room decides anew, beside everything else that it does, takes some three seconds at most. */
const MOST_EVENTS = 20_000;

/** @throws OpsroomError NOT_ALLOWED_NOW where a room would be long about it: a command has a process of its own */
async function refuseLong(room: Room, id: string): Promise<void> {
  if (room.origin.door === 'cli') return;
  const { lastSeq } = await readStanding(room, id);
  if (lastSeq <= MOST_EVENTS) return;
  throw new OpsroomError('NOT_ALLOWED_NOW', {
    what: `This run has ${lastSeq} events; a room decides runs of up to ${MOST_EVENTS} anew.`,
    where: `run ${id}`,
    mend: 'Run `opsroom replay RUN` on the machine of the room.',
  });
}

function shown(found: Replayed | undefined, difference: ReplayDifference | undefined) {
  const counts = [...(found?.counts ?? [])].map(([about, count]) => ({ about, count }));
  return {
    same: difference === undefined,
    decisions: counts.reduce((sum, { count }) => sum + count, 0),
    counts,
    people: (found?.people ?? []).map((said) => ({ ...said, at: said.at.toISOString() })),
    difference: difference ? { ...difference } : null,
  };
}

/** A chain that does not hold together records nothing, even where its words follow from each other. */
function brokenAt(report: ChainReport, chain: readonly ChainRecord[]): ReplayDifference | undefined {
  if (report.ok) return undefined;
  const { seq, problem } = report;
  const body: unknown = chain[seq]?.body;
  const step: unknown = Object(body)['step'];
  return {
    step: typeof step === 'string' ? step : null,
    item: null,
    attempt: null,
    seq: null,
    recorded: `record ${seq} of the proof chain: ${problem}`,
    decided: 'a chain in which each record is tied to the one before it',
    why: 'Whoever changed it did not keep to the chain; `opsroom proofs RUN` and `opsroom verify FILE` say the same.',
  };
}
