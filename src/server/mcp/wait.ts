import { z } from 'zod';
import { INTENT_STATUSES, isOver } from '#ir/intent-state.js';
import { hasEnded, runStatusSchema } from '#ir/state.js';
import { intentPage, runPage } from '#kit/pages.js';
import { getIntent } from '#operations/intents/get.js';
import { intentReference, readIntent } from '#operations/intents/reference.js';
import { lookAgain } from '#operations/intents/shown.js';
import type { IntentView } from '#operations/intents/view.js';
import { authorise, invoke, validated } from '#operations/invoke.js';
import type { Operation } from '#operations/operation.js';
import type { Room } from '#operations/room.js';
import { askOf } from '#operations/runs/asks-person.js';
import { getRun, type RunView } from '#operations/runs/get.js';
import { runReference } from '#operations/runs/reference.js';
import { schemaOf } from '../json-schema.js';
import { type Asking, type ModelTool, outputSchemaOf } from './model-tool.js';

/** Clients give up on a call that is silent for some minutes. */
const MOST_S = 240;
const USUAL_S = 50;
/** How often it looks when nothing happens: an event may have come before it listened. */
const QUIET_MS = 2000;
const MOST_EVENTS = 200;

const seconds = z.int().min(1).max(MOST_S).default(USUAL_S).describe('Answer after so long at the latest.');
const waiting = z.object({ code: z.string(), what: z.string(), mend: z.string() }).nullable();

const runInput = z.strictObject({
  run: runReference,
  after: z.int().min(0).max(999_999_999).optional().describe('`seq` of your last answer; without it, from now on.'),
  until: z
    .enum(['change', 'end'])
    .default('change')
    .describe('`change`: whatever happens next. `end`: until it has ended, or asks for a person.'),
  seconds,
});
const runOutput = z.object({
  runId: z.string(),
  title: z.string(),
  status: runStatusSchema,
  word: z.string().nullable(),
  ended: z.boolean(),
  /** What it waits for, or asks of a person beside what goes on, and the way on. */
  waiting,
  progress: z.object({ done: z.int(), total: z.int() }),
  /** What happened meanwhile, the latest at the end. */
  events: z.array(z.object({ seq: z.int(), type: z.string(), step: z.string().nullable(), at: z.string() })),
  seq: z.int(),
  timedOut: z.boolean(),
  link: z.string(),
});

const intentInput = z.strictObject({ intent: intentReference, seconds });
const intentOutput = z.object({
  intentId: z.string(),
  title: z.string(),
  status: z.enum(INTENT_STATUSES),
  word: z.string(),
  /** Who must still agree, in words. */
  wanted: z.string(),
  runId: z.string().nullable(),
  timedOut: z.boolean(),
  link: z.string(),
});

type RunEvents = z.output<typeof runOutput>['events'];

/** Tools that last: they wait until something happens, tell how it goes, and end when whoever asked has gone. */
export function waits(): ModelTool[] {
  return [
    waitTool(getRun, {
      name: 'runs_wait',
      title: 'Wait for a run',
      summary:
        'Wait until something happens in a run, or until it ends or asks for a person. Tells progress meanwhile.',
      input: runInput,
      output: runOutput,
      run: waitForRun,
    }),
    waitTool(getIntent, {
      name: 'intents_wait',
      title: 'Wait for an answer to an intent',
      summary:
        'Wait until people have decided about an intent, or it has expired. Then `runId` says which run it became.',
      input: intentInput,
      output: intentOutput,
      run: waitForIntent,
    }),
  ];
}

interface Wait<I, O> {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly input: z.ZodType<I>;
  readonly output: z.ZodType<O>;
  run(input: I, room: Room, asking: Asking): Promise<O>;
}

/** @param operation what one look is, whose permission is needed */
function waitTool<I, O extends object>(operation: Operation, wait: Wait<I, O>): ModelTool {
  const { name, title, summary, input, output } = wait;
  return {
    operation: { ...operation, name, input, output },
    tool: {
      name,
      title,
      description: summary,
      inputSchema: { ...schemaOf(input, 'input'), type: 'object' },
      outputSchema: outputSchemaOf(output),
      annotations: { title, readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    },
    run: async (args, room, asking) => {
      const valid = validated(input, args);
      authorise(operation, room);
      return wait.run(valid, room, asking);
    },
  };
}

async function waitForRun(
  { run, after, until, seconds: patience }: z.output<typeof runInput>,
  room: Room,
  { hub, signal: gone, progress }: Asking,
): Promise<z.output<typeof runOutput>> {
  const events: RunEvents[number][] = [];
  let view = await invoke(getRun, { run }, room);
  const late = AbortSignal.timeout(patience * 1000);
  const signal = AbortSignal.any([gone, late]);
  const watched = hub.watch(room, view.runId, { after: after ?? view.seq, signal, quietMs: QUIET_MS });
  // Whoever says what they have seen knows what it asks of a person, and waits for what becomes of that.
  let known = after !== undefined && view.seq <= after ? askedIn(view) : undefined;
  const asksAnew = () => needsPerson(view) && askedIn(view) !== known;
  const settled = () => hasEnded(view.status) || (until === 'change' && events.length > 0) || asksAnew();
  if (!settled() || (after ?? view.seq) < view.seq) {
    for await (const batch of watched) {
      for (const { seq, type, step, at } of batch) events.push({ seq, type, step, at: at.toISOString() });
      const last = batch.at(-1);
      if (last) await progress(last.seq, last.step === null ? last.type : `${last.step}: ${last.type}`);
      if (last) view = await invoke(getRun, { run: view.runId }, room);
      if (settled()) break;
      if (!needsPerson(view)) known = undefined;
    }
  }
  return runAnswer(view, events.slice(-MOST_EVENTS), { room, timedOut: late.aborted && !settled() });
}

/** A person is asked for, at rest or beside what goes on. A clock beside them changes nothing. */
const needsPerson = ({ status, waiting: why, asks }: RunView): boolean =>
  status === 'paused' || asks !== null || (status === 'waiting' && askOf(why?.code ?? null) !== undefined);

/** Which question it is: the step that asks, and what, which is told in more words once nothing else goes on. */
function askedIn({ asks, waiting: held }: RunView): string | undefined {
  const why = asks ?? held;
  return why === null ? undefined : `${why.step ?? why.what}#${why.item ?? -1}`;
}

function runAnswer(
  { runId, title, status, word, waiting: held, asks, progress, seq }: RunView,
  events: RunEvents,
  { room, timedOut }: { room: Room; timedOut: boolean },
): z.output<typeof runOutput> {
  const why = asks ?? held;
  const shown = why && { code: why.code, what: why.what, mend: why.mend };
  const link = `${room.url()}${runPage(runId)}`;
  return { runId, title, status, word, ended: hasEnded(status), waiting: shown, progress, events, seq, timedOut, link };
}

async function waitForIntent(
  { intent: reference, seconds: patience }: z.output<typeof intentInput>,
  room: Room,
  { hub, signal: gone, progress }: Asking,
): Promise<z.output<typeof intentOutput>> {
  const { id } = await readIntent(room, reference);
  const late = AbortSignal.timeout(patience * 1000);
  let intent = await lookAgain(room, id);
  let told = intent.approvals.length;
  if (!isDecided(intent)) {
    const signal = AbortSignal.any([gone, late]);
    for await (const now of hub.watchRoom(room, { signal, quietMs: QUIET_MS })) {
      if (now.kind === 'events' && !now.events.some(({ run }) => run === id)) continue;
      intent = await lookAgain(room, id);
      if (isDecided(intent)) break;
      if (intent.approvals.length > told) await progress(intent.approvals.length, `still wanted: ${intent.wanted}`);
      told = intent.approvals.length;
    }
  }
  const { intentId, title, status, word, wanted, runId } = intent;
  const link = `${room.url()}${intentPage(intentId)}`;
  return { intentId, title, status, word, wanted, runId, timedOut: !isDecided(intent), link };
}

const isDecided = ({ status }: IntentView): boolean => status === 'running' || isOver(status);
