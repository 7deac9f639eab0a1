import { z } from 'zod';
import type { ViewedRun } from '#execute/views/store.js';
import type { RollbackStep, Step } from '#ir/plan.js';
import { undoingName, undoingOf } from '#ir/undoing.js';
import { operation } from '../operation.js';
import { readSource } from '../plans/source-store.js';
import type { Room } from '../room.js';
import { requireStep } from '../runs/logs.js';
import { questionOf } from '../runs/question.js';
import { readRun, runReference } from '../runs/reference.js';
import { attemptShown, digestsIn } from './shown.js';
import { attemptsOf, evidenceOf, type ItemRow, itemsOf, presentArtefacts, workersOf } from './store.js';
import { type StepView, stepView } from './view.js';

const MOST_ITEMS = 500;

export const getStep = operation({
  name: 'runs.step',
  summary:
    'Show one step of a run: its arguments as rendered, attempts, verdicts with what was seen before and after, artefacts, and the lines it came from.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    run: runReference,
    step: z.string().min(1).max(201).describe('STEP, or STEP/COMPENSATION.'),
    /** The attempts of this item of a forEach. */
    item: z.int().min(0).max(1_000_000).optional(),
    /** Items from this one on. */
    itemsFrom: z.int().min(0).max(1_000_000).default(0),
    itemsLimit: z.int().min(1).max(MOST_ITEMS).default(100),
    /** Only items that neither ended well nor run. */
    itemsBad: z.boolean().default(false),
  }),
  output: stepView,
  run: async ({ run: reference, step: id, item = -1, itemsFrom, itemsLimit, itemsBad }, room): Promise<StepView> => {
    const run = await readRun(room, reference);
    requireStep(run.plan.steps, id);
    const page = { from: itemsFrom, limit: itemsLimit + 1, bad: itemsBad };
    const attempts = await attemptsShown(room, run.id, id, item);
    const asks = attempts.at(-1)?.status === 'waiting';
    return {
      runId: run.id,
      step: id,
      ...described(run, id),
      attempts,
      question: (asks && (await questionOf(room, run.id, { step: id, item }))) || null,
      items: fansOut(run, id) ? await itemsShown(room, run.id, id, page) : null,
      source: await linesOf(room, run.plan_digest, id),
    };
  },
});

type Described = Omit<StepView, 'runId' | 'step' | 'attempts' | 'question' | 'items' | 'source'>;

/** The step as the plan has it. */
function described({ plan }: ViewedRun, id: string): Described {
  const [name, undo] = id.split('/');
  const whole = plan.steps.find((step) => step.id === name) as Step;
  const undoing = undo === undefined ? (undoingOf(plan).get(whole.id) ?? []) : [];
  const step: Step | RollbackStep = whole.rollback?.find((back) => back.id === undo) ?? whole;
  return {
    title: step.title,
    description: step.description ?? null,
    kind: step.kind,
    tool: step.tool ?? null,
    action: step.action,
    dependsOn: undo === undefined ? whole.dependsOn : [whole.id],
    written: step.args,
    condition: undo === undefined ? (whole.if ?? null) : null,
    preconditions: step.preconditions.map((one) => (typeof one === 'string' ? one : (one.description ?? one.id))),
    verifiers: step.verifiers.map(({ id: verifier, kind, required, config }) => ({
      id: verifier,
      kind,
      required,
      config,
    })),
    rollback: undoing.map((one) => ({ id: undoingName(whole.id, one), title: one.undo.title })),
    timeoutMs: step.timeoutMs ?? null,
    maxAttempts: step.retryPolicy?.maxAttempts ?? 1,
    idempotent: step.idempotent === true,
    readOnly: step.readOnly === true,
  };
}

const fansOut = ({ plan }: ViewedRun, id: string): boolean =>
  plan.steps.some((step) => step.id === id.split('/')[0] && step.forEach !== undefined);

async function attemptsShown(room: Room, run: string, step: string, item: number): Promise<StepView['attempts']> {
  return room.database.door(room.org, async (tx) => {
    const rows = await attemptsOf(tx, { org: room.org, run, step, item });
    const evidence = await evidenceOf(tx, room.org, rows.flatMap(digestsIn));
    const artefacts = rows.flatMap((row) => (row.artefacts ?? []).map(({ sha256 }) => sha256));
    const present = await presentArtefacts(tx, room.org, artefacts);
    const workers = await workersOf(tx, room.org, run);
    return rows.map((row) => attemptShown(row, { evidence, present, workers }));
  });
}

async function itemsShown(
  room: Room,
  run: string,
  step: string,
  page: { from: number; limit: number; bad: boolean },
): Promise<NonNullable<StepView['items']>> {
  const rows = await room.database.door(room.org, (tx) => itemsOf(tx, { org: room.org, run, step }, page));
  const more = rows.length === page.limit ? rows.pop() : undefined;
  return { page: rows.map(itemShown), next: more?.item ?? null };
}

function itemShown({ startedAt, endedAt, wakeAt, ...row }: ItemRow) {
  return {
    ...row,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    wakeAt: wakeAt?.toISOString() ?? null,
  };
}

/** A compensation stands with the step that it undoes. */
async function linesOf(room: Room, digest: string, id: string): Promise<StepView['source']> {
  const source = await room.database.door(room.org, (tx) => readSource(tx, room.org, digest));
  if (!source) return [];
  const lines = source.text.split('\n');
  const [step, undo] = id.split('/');
  const own = source.places.filter((place) => place.step === step);
  const undoing = own.filter(({ label }) => label === 'rollback');
  return (undo !== undefined && undoing.length > 0 ? undoing : own).map(({ from, to, label }) => ({
    file: source.file,
    from,
    to,
    label,
    text: lines.slice(from - 1, to).join('\n'),
  }));
}
