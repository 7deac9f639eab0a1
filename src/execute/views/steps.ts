import type { Plan, Step } from '#ir/plan.js';
import type { QuestionOfStep } from '#ir/question.js';
import { hasEnded, type RunStatus } from '#ir/state.js';
import { entry } from '#kit/entry.js';
import { openQuestion, questionDigest } from '../decide/asking.js';
import { type Fault, unitKey } from '../records.js';
import type { ViewedAttempt } from './store.js';

/** One step of a run, its attempts and items merged. Times are ISO 8601. */
export interface StepState {
  readonly id: string;
  readonly title: string;
  readonly status:
    | 'pending'
    | 'running'
    | 'waiting'
    | 'retrying'
    | 'unknown'
    | 'done'
    | 'failed'
    | 'skipped'
    | 'cancelled';
  /** One of the verdict words; null while there is none. */
  readonly word: string | null;
  /** Of a step with items, the sum over them. */
  readonly attempts: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Of a step with items, that of the first that failed, which its message names: `each#1: …`. */
  readonly error: Fault | null;
  readonly isolation: string | null;
  readonly person: { readonly by: string; readonly reason: string } | null;
  readonly wakeAt: string | null;
  /** What its tool asks of a person now; of several items that ask, the first. */
  readonly question: QuestionOfStep | null;
  /** Taken over from this run. */
  readonly reusedFrom: string | null;
  readonly items: { readonly total: number; readonly done: number; readonly failed: number } | null;
  readonly verdicts: readonly StepVerdict[];
  /** When each attempt ran, of a step that was tried more than once and has no items; otherwise empty. */
  readonly tries: readonly StepTry[];
}

export interface StepTry {
  readonly status: ViewedAttempt['status'];
  readonly startedAt: string;
  readonly endedAt: string | null;
}

/** A hundred bars in one row are none. */
const MOST_TRIES = 20;

/** Of a step with items: passed and proven when that holds for every item. */
export interface StepVerdict {
  readonly id: string;
  readonly kind: string;
  readonly required: boolean;
  readonly passed: boolean;
  readonly proven: boolean;
  readonly word: string;
  readonly summary: string;
}

/** The steps of a plan in its order, each followed by the compensations that were begun. */
export function stepStates(plan: Plan, status: RunStatus, attempts: readonly ViewedAttempt[]): StepState[] {
  const byStep = rowsByStep(attempts);
  return plan.steps.flatMap((step) => [
    ofList(step, merged(step.id, step.title, byStep.get(step.id) ?? [], status)),
    ...(step.rollback ?? []).flatMap((undo) => {
      const rows = byStep.get(`${step.id}/${undo.id}`);
      return rows ? [merged(`${step.id}/${undo.id}`, undo.title, rows, status)] : [];
    }),
  ]);
}

export function rowsByStep(attempts: readonly ViewedAttempt[]): ReadonlyMap<string, readonly ViewedAttempt[]> {
  const byStep = new Map<string, ViewedAttempt[]>();
  for (const row of attempts) entry(byStep, row.step, () => []).push(row);
  return byStep;
}

/** Of an empty list there is only the record that all of it is done, which no attempt is. */
function ofList({ forEach }: Pick<Step, 'forEach'>, state: StepState): StepState {
  const { status, items, person, reusedFrom } = state;
  if (forEach === undefined || items !== null || status !== 'done' || person !== null || reusedFrom !== null)
    return state;
  return { ...state, attempts: 0, items: { total: 0, done: 0, failed: 0 } };
}

function merged(id: string, title: string, rows: readonly ViewedAttempt[], run: RunStatus): StepState {
  const last = lastOfItems(rows);
  const whole = last.find(({ item }) => item < 0);
  const items = last.filter(({ item }) => item >= 0);
  const asking = items.find((row) => openQuestion(row) !== undefined);
  const telling = whole ?? asking ?? items.find(({ status }) => status === 'failed') ?? items.at(-1);
  const starts = rows.map(({ startedAt }) => startedAt.getTime());
  const open = last.some(({ endedAt }) => endedAt === null);
  return {
    id,
    title,
    status: statusOf(whole, items, run),
    word: telling?.word ?? null,
    attempts: (items.length > 0 ? rows.filter(({ item }) => item >= 0) : rows).length,
    startedAt: rows.length > 0 ? new Date(Math.min(...starts)).toISOString() : null,
    endedAt: open || rows.length === 0 ? null : latestEnd(rows),
    error: whole === undefined ? errorOfItems(items, telling) : whole.error,
    isolation: telling?.isolation ?? items.at(-1)?.isolation ?? null,
    person: telling?.person ?? null,
    wakeAt: telling?.wakeAt?.toISOString() ?? null,
    question: (telling && questionIn(telling)) ?? null,
    reusedFrom: telling?.reusedFrom ?? null,
    items:
      items.length === 0
        ? null
        : {
            total: items.length,
            done: items.filter((row) => row.status === 'done' || row.status === 'skipped').length,
            failed: items.filter((row) => row.status === 'failed').length,
          },
    verdicts: mergedVerdicts(items.length > 0 ? items : last),
    tries: items.length > 0 || rows.length < 2 ? [] : rows.slice(-MOST_TRIES).map(tryOf),
  };
}

/** The error of the item that tells it, by its name: which one it was is what is looked for. */
function errorOfItems(items: readonly ViewedAttempt[], telling: ViewedAttempt | undefined): Fault | null {
  if (!telling?.error) return null;
  const others = items.filter((row) => row !== telling && row.status === 'failed').length;
  const name = unitKey(telling.step, telling.item);
  const more = others > 0 ? ` (${others} more ${others === 1 ? 'item' : 'items'} failed)` : '';
  return { ...telling.error, message: `${name}: ${telling.error.message}${more}` };
}

/** What a row asks, as it is answered. */
export function questionIn(
  row: Pick<ViewedAttempt, 'step' | 'item' | 'attempt'> & Parameters<typeof openQuestion>[0],
): QuestionOfStep | undefined {
  const open = openQuestion(row);
  if (!open) return undefined;
  const digest = questionDigest(open.asked, row.attempt);
  return { ...open.asked.question, step: unitKey(row.step, row.item), digest };
}

function tryOf({ status, startedAt, endedAt }: ViewedAttempt): StepTry {
  return { status, startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null };
}

/** Of one step, the last attempt of each item. */
export function lastOfItems(rows: readonly ViewedAttempt[]): ViewedAttempt[] {
  const last = new Map<number, ViewedAttempt>();
  for (const row of rows) {
    const known = last.get(row.item);
    if (!known || row.revision > known.revision || (row.revision === known.revision && row.attempt > known.attempt))
      last.set(row.item, row);
  }
  return [...last.values()];
}

function statusOf(
  whole: ViewedAttempt | undefined,
  items: readonly ViewedAttempt[],
  run: RunStatus,
): StepState['status'] {
  if (whole) return oneStatus(whole, run);
  const statuses = new Set(items.map((row) => oneStatus(row, run)));
  const order = ['running', 'waiting', 'unknown', 'retrying', 'failed', 'cancelled'] as const;
  const loudest = order.find((status) => statuses.has(status));
  if (loudest) return loudest;
  if (items.length === 0) return 'pending';
  // Nothing sums up the compensations of items: a rollback that is over has seen to each.
  if (items[0]?.step.includes('/') && hasEnded(run)) return statuses.has('skipped') ? 'skipped' : 'done';
  return hasEnded(run) ? 'unknown' : 'running';
}

function oneStatus(row: ViewedAttempt, run: RunStatus): StepState['status'] {
  if (row.status === 'failed' && row.wakeAt && !hasEnded(run)) return 'retrying';
  // A person took the run up again after its end: the step is to be done after all.
  if (row.status === 'cancelled' && !hasEnded(run)) return 'pending';
  return row.status;
}

function latestEnd(rows: readonly ViewedAttempt[]): string {
  return new Date(Math.max(...rows.map(({ endedAt }) => endedAt?.getTime() ?? 0))).toISOString();
}

function mergedVerdicts(rows: readonly ViewedAttempt[]): StepVerdict[] {
  const merged = new Map<string, StepVerdict>();
  for (const verdict of rows.flatMap((row) => row.verdicts ?? [])) {
    const { verifierId: id, kind, required, passed, proven, word, summary } = verdict;
    const known = merged.get(id);
    const weaker = !known || (known.passed && !passed) || (known.proven && !proven && known.passed === passed);
    if (weaker) merged.set(id, { id, kind, required, passed, proven, word, summary });
  }
  return [...merged.values()];
}
