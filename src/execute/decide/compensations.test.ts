import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan, RollbackStep, Step } from '#ir/plan.js';
import type { AttemptRow } from '../records.js';
import { RunState } from './state.js';
import type { Unit } from './units.js';

const BODY = { kind: 'tool', tool: 'noop', action: 'run', args: {} } as const;
const named = (id: string, idx: number) => ({ ...BODY, preconditions: [], verifiers: [], id, idx, title: id });
const back = (id: string, alsoUndoes: readonly string[]): RollbackStep => ({
  ...named(id, 0),
  ...(alsoUndoes.length > 0 ? { alsoUndoes: [...alsoUndoes] } : {}),
});
const id = (n: number) => `s${n}`;

/** Steps in a row. Those from `from` to before `to` are a section: its first step has the rollback that takes all of them back. */
function planOf(size: number, [from, to]: readonly [number, number], own: boolean): Plan {
  const steps = Array.from({ length: size }, (_, n): Step => {
    const of = Array.from({ length: Math.max(0, to - from - 1) }, (_, i) => id(from + 1 + i));
    const section = n === from && to > from ? [back('section', of)] : [];
    const rollback = [...(own ? [back('own', [])] : []), ...section];
    return { ...named(id(n), n), dependsOn: n === 0 ? [] : [id(n - 1)], rollback };
  });
  return { title: 't', onFailure: 'stop', steps } as unknown as Plan;
}

/** `declined`: left out. `refused`: it failed before its tool was called. `cut`: its worker died. */
type End = 'done' | 'failed' | 'declined' | 'refused' | 'cut';
const ended = (end: End) => end === 'done' || end === 'declined';
const acted = (end: End) => end === 'done' || end === 'failed' || end === 'cut';

/** Lets the steps of a plan end so, up to the first that does not go on or to where the run is stopped; then rolls back. */
function rolledBack(plan: Plan, ends: readonly End[], takenOver: boolean) {
  const state = new RunState(plan, 1);
  const rows: AttemptRow[] = [];
  for (const end of ends) {
    const [unit] = state.decide(0).prepare;
    if (unit === undefined) break;
    rows.push(rowOf(unit, end));
    apply(state, unit, end);
    if (!ended(end)) break;
  }
  const now = takenOver ? new RunState(plan, 1) : state;
  if (takenOver) now.load(rows, () => undefined);
  const begun = rows.map(({ step }) => step);
  now.beginRollback('request');
  return { begun, undone: undoneBy(now) };
}

function apply(state: RunState, unit: Unit, end: End): void {
  state.preparing(unit);
  if (acted(end)) state.running(unit, 1);
  if (end === 'cut') return state.unknown(unit, true);
  state.finished(unit, ended(end), null, acted(end));
}

/** Carries out every compensation, and names them in their order. */
function undoneBy(state: RunState): string[] {
  const undone: string[] = [];
  for (let [unit] = state.decide(0).prepare; unit !== undefined; [unit] = state.decide(0).prepare) {
    undone.push(unit.stepId);
    state.running(unit, 1);
    state.finished(unit, true, null, true);
  }
  return undone;
}

function rowOf(unit: Unit, end: End): AttemptRow {
  const asked = { code: 'ASKED', message: 'nobody knows', mend: '' };
  const status = end === 'declined' ? 'skipped' : end === 'refused' ? 'failed' : end === 'cut' ? 'unknown' : end;
  const common = { revision: 0, attempt: 1, startedAt: new Date(0), endedAt: new Date(0), baseline: [], output: null };
  return {
    ...common,
    step: unit.stepId,
    item: unit.item,
    status,
    args: acted(end) ? {} : null,
    outputDigest: null,
    word: null,
    error: end === 'cut' ? asked : null,
    wakeAt: null,
  };
}

const runs = fc
  .tuple(fc.array(fc.constantFrom<End>('done', 'failed', 'declined', 'refused', 'cut'), { minLength: 1 }), fc.nat(3))
  .chain(([ends, later]) => {
    const size = ends.length + later;
    return fc.record({
      ends: fc.constant(ends),
      size: fc.constant(size),
      section: fc.tuple(fc.nat(size), fc.nat(size)),
      own: fc.boolean(),
      takenOver: fc.boolean(),
    });
  });

describe('what takes back a section', () => {
  test('is carried out exactly once when anything of it was called, and otherwise not', () => {
    fc.assert(
      fc.property(runs, ({ ends, size, section: [from, to], own, takenOver }) => {
        const { begun, undone } = rolledBack(planOf(size, [from, to], own), ends, takenOver);
        const called = begun.filter((_, n) => acted(ends[n] ?? 'declined'));
        const ofSection = called.filter((step) => Number(step.slice(1)) >= from && Number(step.slice(1)) < to);
        const expected = called.toReversed().flatMap((step) => [
          ...(own ? [`${step}/own`] : []),
          // After what the later steps of the section take back by themselves.
          ...(step === ofSection[0] ? [`${id(from)}/section`] : []),
        ]);
        expect(undone).toEqual(expected);
      }),
    );
  });

  test('is carried out though its own step was left out', () => {
    const { undone } = rolledBack(planOf(3, [0, 3], false), ['declined', 'done', 'failed'], false);
    expect(undone).toEqual(['s0/section']);
  });
});
