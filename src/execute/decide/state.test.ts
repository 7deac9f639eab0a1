import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan, Step } from '#ir/plan.js';
import type { AttemptRow } from '../records.js';
import { RunState } from './state.js';
import type { Decision, Unit } from './units.js';

interface Made {
  readonly before: readonly number[];
  /** Items of a forEach and how many at once; undefined: none. */
  readonly items: { readonly size: number; readonly limit: number } | undefined;
  readonly fails: boolean;
}

/** Step n depends only on steps before it, so every list of these is a DAG. */
const dags = fc
  .array(
    fc.record({
      before: fc.uniqueArray(fc.nat(11), { maxLength: 3 }),
      items: fc.option(fc.record({ size: fc.nat(4), limit: fc.integer({ min: 1, max: 3 }) }), {
        nil: undefined,
        freq: 3,
      }),
      fails: fc.constant(false),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((steps) => steps.map((step, n): Made => ({ ...step, before: step.before.filter((b) => b < n) })));
const withFailures = dags.chain((steps) =>
  fc
    .array(fc.boolean(), { minLength: steps.length, maxLength: steps.length })
    .map((bits) => steps.map((s, n) => ({ ...s, fails: bits[n] === true }))),
);
/** Which of what runs ends next: the only freedom that a run has. */
const orders = fc.infiniteStream(fc.nat(1000));

const id = (n: number) => `s${n}`;

function planOf(made: readonly Made[]): Plan {
  const steps = made.map(
    ({ before, items }, n): Step => ({
      id: id(n),
      idx: n,
      title: id(n),
      kind: 'tool',
      tool: 'noop',
      action: 'run',
      args: {},
      preconditions: [],
      verifiers: [],
      dependsOn: before.map(id),
      ...(items ? { forEach: { items: Array.from({ length: items.size }, () => null), limit: items.limit } } : {}),
    }),
  );
  return {
    version: '1.0.0',
    kind: 'ops',
    title: 't',
    description: '',
    inputs: {},
    expectedOutputs: {},
    metadata: {},
    onFailure: 'stop',
    steps,
  };
}

const sizeOf = (made: readonly Made[], step: Step) => made[Number(step.id.slice(1))]?.items?.size ?? 0;
const failsOf = (made: readonly Made[], unit: Unit) => made[Number(unit.stepId.slice(1))]?.fails === true;

/** What a driver does, without tools: starts what is decided, lets it end in the given order, keeps the ledger's rows. */
class Simulation {
  readonly rows: AttemptRow[] = [];
  readonly starts: string[] = [];
  readonly endings: string[] = [];
  running: Unit[] = [];
  most = 0;
  last: Decision['next'] = { kind: 'continue', wakeAt: undefined };

  constructor(
    readonly state: RunState,
    private readonly made: readonly Made[],
    private readonly check: (simulation: Simulation, unit: Unit) => void = () => undefined,
  ) {}

  /** Goes on until the run ends, or until so many attempts have ended. */
  go(order: Iterator<number>, most = Number.POSITIVE_INFINITY): void {
    for (;;) {
      this.decide();
      if (this.running.length === 0 || this.endings.length >= most) return;
      const at = Number(order.next().value) % this.running.length;
      const [unit] = this.running.splice(at, 1);
      if (unit) this.finish(unit);
    }
  }

  private decide(): void {
    for (;;) {
      const decision = this.state.decide(0);
      this.last = decision.next;
      for (const unit of decision.prepare) {
        this.check(this, unit);
        this.starts.push(unit.key);
        this.state.preparing(unit);
        this.state.running(unit, unit.attempt + 1);
        this.running.push(unit);
      }
      this.most = Math.max(this.most, this.state.active);
      for (const step of decision.sum) this.sum(step);
      for (const step of decision.expand) this.state.expanded(step, sizeOf(this.made, step));
      if (decision.sum.length + decision.expand.length === 0) return;
    }
  }

  private sum(step: Step): void {
    this.rows.push(this.row(step.id, -1, 1, 'done'));
    this.endings.push(step.id);
    this.state.summed(step);
  }

  private finish(unit: Unit): void {
    const ok = !failsOf(this.made, unit);
    this.rows.push(this.row(unit.stepId, unit.item, unit.attempt, ok ? 'done' : 'failed'));
    this.endings.push(unit.key);
    this.state.finished(unit, ok, ok ? null : { code: 'STEP_FAILED', message: 'as asked', mend: '' }, true);
  }

  row(step: string, item: number, attempt: number, status: AttemptRow['status']): AttemptRow {
    return {
      step,
      item,
      revision: 0,
      attempt,
      status,
      startedAt: new Date(0),
      endedAt: status === 'running' ? null : new Date(0),
      args: {},
      baseline: [],
      output: null,
      outputDigest: null,
      word: null,
      error: null,
      wakeAt: null,
    };
  }
}

const simulate = (
  made: readonly Made[],
  order: Iterator<number>,
  check?: (simulation: Simulation, unit: Unit) => void,
  parallel = 64,
) => {
  const simulation = new Simulation(new RunState(planOf(made), parallel), made, check);
  simulation.go(order);
  return simulation;
};

/** Every unit that a plan comes to when all succeeds, by its definition alone. */
const everyUnit = (made: readonly Made[]): string[] =>
  made.flatMap(({ items }, n) =>
    items ? Array.from({ length: items.size }, (_, item) => `${id(n)}#${item}`) : [id(n)],
  );

describe('over any DAG and any order of ends', () => {
  test('each unit starts once, after everything it depends on has settled; the run succeeds', () => {
    fc.assert(
      fc.property(dags, orders, (made, order) => {
        const { starts, last } = simulate(made, order, ({ endings }, unit) => {
          const { before } = made[Number(unit.stepId.slice(1))] ?? { before: [] };
          expect(endings).toEqual(expect.arrayContaining(before.map(id)));
        });
        expect([...starts].sort()).toEqual(everyUnit(made).sort());
        expect(last).toEqual({ kind: 'end', status: 'succeeded' });
      }),
    );
  });

  test('of a forEach no more items run at once than its limit, and of the run no more units than allowed', () => {
    fc.assert(
      fc.property(dags, orders, fc.integer({ min: 1, max: 4 }), (made, order, parallel) => {
        const check = ({ running }: Simulation, unit: Unit) => {
          const { items } = made[Number(unit.stepId.slice(1))] ?? {};
          if (items) expect(running.filter((u) => u.stepId === unit.stepId).length).toBeLessThan(items.limit);
        };
        const { most, last } = simulate(made, order, check, parallel);
        expect(most).toBeLessThanOrEqual(parallel);
        expect(last).toEqual({ kind: 'end', status: 'succeeded' });
      }),
    );
  });

  test('after the first failure nothing starts any more, what runs may end, and the run fails', () => {
    fc.assert(
      fc.property(withFailures, orders, (made, order) => {
        let failed = false;
        const { state, last } = simulate(made, order, ({ state: now }) => {
          expect(now.failure).toBeUndefined();
        });
        failed = state.failure !== undefined;
        expect(last).toEqual({ kind: 'end', status: failed ? 'failed' : 'succeeded' });
      }),
    );
  });

  test('cut off at any point and rebuilt from the rows, it goes on as if nothing had been', () => {
    fc.assert(
      fc.property(dags, orders, orders, fc.nat(30), (made, order, later, cutAt) => {
        const before = new Simulation(new RunState(planOf(made), 64), made);
        before.go(order, cutAt);
        const begun = new Set(before.rows.filter((r) => r.item >= 0).map((r) => r.step));
        const state = new RunState(planOf(made), 64);
        state.load(before.rows, (step) => (begun.has(step.id) ? sizeOf(made, step) : undefined));
        const after = new Simulation(state, made);
        after.go(later);
        expect(after.last).toEqual({ kind: 'end', status: 'succeeded' });
        // Together they settle every unit once: what had ended is not begun again, what had not is.
        const settled = [...before.endings, ...after.endings].sort();
        const sums = made.flatMap(({ items }, n) => (items ? [id(n)] : []));
        expect(settled).toEqual([...everyUnit(made), ...sums].sort());
      }),
    );
  });

  test('an attempt that a dead worker left open is asked about, and closed even in a run that has failed', () => {
    const made: Made[] = [
      { before: [], items: undefined, fails: false },
      { before: [], items: undefined, fails: true },
    ];
    const row = new Simulation(new RunState(planOf(made), 1), made);
    const load = (rows: AttemptRow[]) => {
      const state = new RunState(planOf(made), 64);
      state.load(rows, () => undefined);
      return state.decide(0);
    };
    const open = row.row('s0', -1, 1, 'running');
    expect(load([open])).toMatchObject({ reconcile: [{ key: 's0', attempt: 1 }], prepare: [{ key: 's1' }] });
    expect(load([row.row('s1', -1, 1, 'failed'), open])).toMatchObject({
      reconcile: [{ key: 's0' }],
      prepare: [],
      next: { kind: 'continue' },
    });
  });

  test('what is to be tried again is seen to at its time, whatever runs beside it; without room, once something ends', () => {
    const made: Made[] = [
      { before: [], items: undefined, fails: false },
      { before: [], items: undefined, fails: false },
    ];
    const beside = (parallel: number) => {
      const state = new RunState(planOf(made), parallel);
      const rows = new Simulation(state, made);
      state.load([{ ...rows.row('s1', -1, 1, 'failed'), wakeAt: new Date(1000) }], () => undefined);
      for (const unit of state.decide(0).prepare) state.running(unit, 1);
      return state;
    };
    expect(beside(2).decide(0)).toMatchObject({ prepare: [], next: { kind: 'continue', wakeAt: 1000 } });
    expect(beside(2).decide(1000)).toMatchObject({ prepare: [{ key: 's1' }], next: { wakeAt: undefined } });
    expect(beside(1).decide(1000)).toMatchObject({ prepare: [], next: { kind: 'continue', wakeAt: undefined } });
  });

  test('an item that is tried again on a person’s word takes up no more than the place that it had', () => {
    const made: Made[] = [{ before: [], items: { size: 2, limit: 1 }, fails: false }];
    const state = new RunState(planOf(made), 64);
    const [list] = state.decide(0).expand;
    if (list) state.expanded(list, 2);
    const [first] = state.decide(0).prepare;
    if (!first) throw new Error('no item was decided');
    state.running(first, 1);
    state.finished(first, false, null, true);
    state.forgive(first);
    state.again(first);
    expect(state.decide(0).prepare.map(({ key }) => key)).toEqual(['s0#0']);
    state.running(first, 2);
    expect(state.decide(0).prepare).toEqual([]);
    state.finished(first, true, null, true);
    expect(state.decide(0).prepare.map(({ key }) => key)).toEqual(['s0#1']);
  });
});
