import type { QuestionOfStep } from '#ir/question.js';
import { unturned } from '../../ui/visible.js';
import type { Run, RunStep, StepDetail } from '../data.js';

/** What a person's word is about: a step, or one item of its forEach. */
export interface Spoken {
  /** STEP or STEP#ITEM, as the room is told. */
  readonly unit: string;
  readonly status: RunStep['status'];
  /** Until a person says so. */
  readonly waits: boolean;
  readonly question: QuestionOfStep | null;
  /** Another item waits as well. */
  readonly others: boolean;
  /** What is done only if somebody confirms it; nothing of a step that is a task of its own. */
  readonly guards: readonly string[];
}

type Row = Pick<RunStep, 'status' | 'wakeAt'>;
type Item = NonNullable<StepDetail['items']>['page'][number];

/**
 * Of a step with items, the one that is looked at; where none is, the one that asks, then the one that the run is parked for, then the
 * first that waits, is unknown or has failed.
 *
 * @param item that is looked at; -1: the step as a whole
 * @returns undefined when no item is known that anything could be said of
 */
export function spokenOf(
  waiting: Pick<NonNullable<Run['waiting']>, 'step' | 'item'> | null,
  step: Pick<RunStep, 'id' | 'status' | 'wakeAt' | 'question'>,
  { attempts, question, items, written }: Pick<StepDetail, 'attempts' | 'question' | 'items' | 'written'>,
  item: number,
): Spoken | undefined {
  const asked = (item < 0 ? step.question : question) as QuestionOfStep | null;
  const guards = guardsIn(written);
  if (items === null)
    return { unit: step.id, status: step.status, waits: waitsFor(step), question: asked, others: false, guards };
  const page = items.page;
  const others = page.filter(waitsFor).length > 1;
  const of = (n: number, row: Row | undefined) => {
    const unit = `${step.id}#${n}`;
    return { unit, status: statusOf(row), waits: row !== undefined && waitsFor(row), question: asked, others, guards };
  };
  if (item >= 0) return of(item, attempts.at(-1));
  if (asked) return { unit: asked.step, status: 'waiting', waits: true, question: asked, others, guards };
  const parked = waiting?.step === step.id ? waiting.item : undefined;
  const found = page.find((one) => one.item === parked) ?? firstOpen(page);
  if (found) return of(found.item, found);
  // Further on than the page goes.
  return parked === undefined || parked < 0 ? undefined : of(parked, step);
}

/** What there is to say of it, as a heading. */
export function titleOf({ unit, waits, status }: Pick<Spoken, 'unit' | 'waits' | 'status'>): string {
  const it = unit.includes('#') ? unit : undefined;
  if (waits) return `${it ?? 'It'} waits for you`;
  return status === 'unknown' ? `Nobody knows how far ${it ?? 'it'} came` : `Settle ${it ?? 'it'} yourself`;
}

/** The item that a unit is; -1: the step as a whole. */
export const itemOf = (unit: string): number => Number(unit.split('#')[1] ?? -1);

/** Another one for another item and for another question: what was begun to be said of one is never said of the next. */
export const spokenKey = ({ unit, question }: Pick<Spoken, 'unit' | 'question'>): string =>
  `${unit} ${question?.digest ?? ''}`;

/** What a manual step tells whoever does it; of an attempt that has begun, as rendered. */
export function instructionsOf({
  action,
  attempts,
  written,
}: Pick<StepDetail, 'action' | 'attempts' | 'written'>): string | undefined {
  const told: unknown = Object(attempts.at(-1)?.args ?? written)['instructions'];
  return action === 'manual' && typeof told === 'string' ? told : undefined;
}

/** The titles of what a step guards; a compensation guards others of its own step. */
export function guardedTitles(
  steps: readonly Pick<RunStep, 'id' | 'title'>[],
  { unit, guards }: Pick<Spoken, 'unit' | 'guards'>,
): string[] {
  const [owner, undo] = unit.split('/');
  const titles = new Map(steps.map(({ id, title }) => [id, title]));
  return guards.map((id) => unturned(titles.get(undo === undefined ? id : `${owner}/${id}`) ?? id));
}

function guardsIn(written: unknown): string[] {
  const guards: unknown = Object(written)['guards'];
  return Array.isArray(guards) ? guards.filter((id) => typeof id === 'string') : [];
}

function firstOpen(page: readonly Item[]): Item | undefined {
  const first = (status: Item['status']) => page.find((one) => one.status === status && one.wakeAt === null);
  return first('waiting') ?? first('unknown') ?? first('failed');
}

const waitsFor = ({ status, wakeAt }: Pick<RunStep, 'status' | 'wakeAt'>): boolean =>
  status === 'waiting' && wakeAt === null;

function statusOf(row: Row | undefined): RunStep['status'] {
  if (!row) return 'pending';
  return row.status === 'failed' && row.wakeAt !== null ? 'retrying' : row.status;
}
