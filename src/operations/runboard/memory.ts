import type { Sql } from '#execute/sql.js';
import { hasEnded } from '#ir/state.js';
import { entry } from '#kit/entry.js';
import type { Sample } from '../estimates/estimate.js';
import { historyOf } from '../estimates/history.js';
import { type Expected, expectedOf } from './expected.js';
import { type Segment, segmentsOf } from './segments.js';
import { type BegunStep, type BoardRun, begunSteps, doneSteps, type PlannedStep, planFacts } from './store.js';

interface Bar {
  readonly segments: readonly Segment[];
  readonly done: number;
}

interface Known {
  readonly total: number;
  readonly titles: ReadonlyMap<string, string>;
  readonly steps: readonly PlannedStep[];
}

const MOST_BARS = 2000;
const MOST_PLANS = 500;
/** A run of more events has thousands of steps: no bar has room for them, and reading them takes longer than all the rest. */
const MOST_EVENTS = 4000;
/** Earlier runs are looked at anew so often, and of so many plans at once. */
const HISTORY_MS = 60_000;
const MOST_ASKED = 10;

/** What need not be read anew for each look at an organisation's room: plans never change, and a bar only with its run's events. */
export class BoardMemory {
  private readonly bars = new Map<string, { readonly key: string; readonly bar: Bar }>();
  private readonly plans = new Map<string, Known>();
  private readonly histories = new Map<string, { readonly samples: readonly Sample[]; readonly atMs: number }>();

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
    for (const { digest, total, steps } of found) {
      const known = { total, steps, titles: new Map(steps.map(({ id, title }) => [id, title])) };
      remember(this.plans, digest, known, Math.max(MOST_PLANS, digests.size));
    }
    return this.plans;
  }

  /** When the runs that are at work should end; to be asked after their bars and plans. */
  async expectedOf(
    sql: Sql,
    org: string,
    runs: readonly BoardRun[],
    nowMs: number,
  ): Promise<ReadonlyMap<string, Expected>> {
    const expected = new Map<string, Expected>();
    let asked = 0;
    for (const run of runs) {
      const plan = this.plans.get(run.plan_digest);
      const bar = this.bars.get(run.id)?.bar;
      if (run.status !== 'running' || run.mode !== 'forward' || !plan || !bar || !isWhole(plan, bar)) continue;
      const known = this.histories.get(run.plan_digest);
      const old = known === undefined || nowMs - known.atMs > HISTORY_MS;
      if (old && asked++ >= MOST_ASKED) continue;
      const samples = old ? await this.readHistory(sql, org, run, plan, nowMs) : known.samples;
      const ends = expectedOf({ steps: plan.steps, segments: bar.segments, samples, nowMs });
      if (ends) expected.set(run.id, ends);
    }
    return expected;
  }

  private async readHistory(
    sql: Sql,
    org: string,
    { id, plan_digest: planDigest, title }: BoardRun,
    { total: steps }: Known,
    atMs: number,
  ): Promise<readonly Sample[]> {
    const { samples } = await historyOf(sql, org, { id, planDigest, title, steps });
    remember(this.histories, planDigest, { samples, atMs }, MOST_PLANS);
    return samples;
  }
}

/** Every step of the plan, and of the run, is known by itself. */
const isWhole = (plan: Known, { segments }: Bar): boolean =>
  plan.total === plan.steps.length && segments.every(({ steps }) => steps === 1);

const NOTHING: Bar = { segments: [], done: 0 };

/** What is shown of a bar depends on these, and on nothing else. */
const keyOf = ({ seq, status }: BoardRun): string => `${seq} ${hasEnded(status)}`;

const isSettled = ({ step, status }: BegunStep): boolean =>
  !step.includes('/') && (status === 'done' || status === 'skipped');

function byRun(steps: readonly BegunStep[]): ReadonlyMap<string, BegunStep[]> {
  const runs = new Map<string, BegunStep[]>();
  for (const step of steps) entry(runs, step.run, () => []).push(step);
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
