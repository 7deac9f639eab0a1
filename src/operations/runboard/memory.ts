import type { Sql } from '#execute/sql.js';
import { hasEnded } from '#ir/state.js';
import { type Segment, segmentsOf } from './segments.js';
import { type BegunStep, type BoardRun, begunSteps, doneSteps, planFacts } from './store.js';

interface Bar {
  readonly segments: readonly Segment[];
  readonly done: number;
}

interface Known {
  readonly total: number;
  readonly titles: ReadonlyMap<string, string>;
}

const MOST_BARS = 2000;
const MOST_PLANS = 500;
/** A run of more events has thousands of steps: no bar has room for them, and reading them takes longer than all the rest. */
const MOST_EVENTS = 4000;

/** What need not be read anew for each look at an organisation's room: plans never change, and a bar only with its run's events. */
export class BoardMemory {
  private readonly bars = new Map<string, { readonly key: string; readonly bar: Bar }>();
  private readonly plans = new Map<string, Known>();

  async barsOf(sql: Sql, org: string, runs: readonly BoardRun[]): Promise<ReadonlyMap<string, Bar>> {
    const changed = runs.filter((run) => this.bars.get(run.id)?.key !== keyOf(run));
    const begun = changed.filter(({ started_at }) => started_at !== null);
    const small = begun.filter(({ seq }) => seq <= MOST_EVENTS).map(({ id }) => id);
    const large = begun.filter(({ seq }) => seq > MOST_EVENTS).map(({ id }) => id);
    const steps = byRun(await begunSteps(sql, org, small));
    const done = await doneSteps(sql, org, large);
    for (const run of changed) {
      const its = steps.get(run.id) ?? [];
      const bar = { segments: segmentsOf(its, run.status), done: done.get(run.id) ?? its.filter(isSettled).length };
      remember(this.bars, run.id, { key: keyOf(run), bar }, MOST_BARS);
    }
    return new Map(runs.map(({ id }) => [id, this.bars.get(id)?.bar ?? NOTHING]));
  }

  async plansOf(sql: Sql, org: string, runs: readonly BoardRun[]): Promise<ReadonlyMap<string, Known>> {
    const digests = new Set(runs.map(({ plan_digest }) => plan_digest));
    const unknown = [...digests].filter((digest) => !this.plans.has(digest));
    const found = await planFacts(sql, org, unknown);
    for (const { digest, total, titles } of found) {
      const known = { total, titles: new Map(titles.map(({ id, title }) => [id, title])) };
      remember(this.plans, digest, known, Math.max(MOST_PLANS, digests.size));
    }
    return this.plans;
  }
}

const NOTHING: Bar = { segments: [], done: 0 };

/** What is shown of a bar depends on these, and on nothing else. */
const keyOf = ({ seq, status }: BoardRun): string => `${seq} ${hasEnded(status)}`;

const isSettled = ({ step, status }: BegunStep): boolean =>
  !step.includes('/') && (status === 'done' || status === 'skipped');

function byRun(steps: readonly BegunStep[]): ReadonlyMap<string, BegunStep[]> {
  const runs = new Map<string, BegunStep[]>();
  for (const step of steps) {
    const known = runs.get(step.run);
    if (known) known.push(step);
    else runs.set(step.run, [step]);
  }
  return runs;
}

/** The oldest are forgotten; a map keeps the order in which its members came. */
function remember<V>(memory: Map<string, V>, key: string, value: V, most: number): void {
  memory.delete(key);
  memory.set(key, value);
  for (const oldest of memory.keys()) {
    if (memory.size <= most) return;
    memory.delete(oldest);
  }
}
