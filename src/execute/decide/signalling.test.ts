import { describe, expect, test } from 'vitest';
import type { Plan, Step } from '#ir/plan.js';
import type { SignalKind, SignalPayload } from '../records.js';
import { questionDigest } from './asking.js';
import { obey } from './signalling.js';
import { RunState } from './state.js';
import type { Unit } from './units.js';

const step = (id: string, more: Partial<Step> = {}): Step => ({
  id,
  idx: 0,
  title: id,
  kind: 'tool',
  tool: 'noop',
  action: 'run',
  args: {},
  preconditions: [],
  verifiers: [],
  dependsOn: [],
  ...more,
});

/** A run with one step that can be undone and two that can not, all ready. */
function begun(): { state: RunState; unit: (key: string) => Unit } {
  const undo = [step('undo')];
  const state = new RunState({ steps: [step('a', { rollback: undo }), step('b'), step('c')] } as unknown as Plan, 64);
  const units = new Map(state.decide(0).prepare.map((u) => [u.key, u]));
  const unit = (key: string) => {
    const found = units.get(key);
    if (!found) throw new Error(`no unit ${key}`);
    return found;
  };
  return { state, unit };
}
const tell = (state: RunState, kind: SignalKind, payload: Partial<SignalPayload> = {}) =>
  obey({ id: 1, kind, payload: { reason: 'r', ...payload }, sent_by: 'me' }, state);
const refused = (why: RegExp) => ({ kind: 'refuse', why: expect.stringMatching(why) });

describe('cancel, pause and resume', () => {
  test('are obeyed while the run goes forward', () => {
    const { state } = begun();
    expect(['cancel', 'pause', 'resume'].map((kind) => tell(state, kind as SignalKind).kind)).toEqual([
      'cancel',
      'pause',
      'resume',
    ]);
  });

  test('cancel and pause are refused while it rolls back', () => {
    const { state } = begun();
    state.beginRollback('request');
    expect(tell(state, 'cancel')).toEqual(refused(/rolling back/));
    expect(tell(state, 'pause')).toEqual(refused(/rolling back/));
  });
});

describe('rollback', () => {
  test('needs something to undo, and nothing running', () => {
    const { state, unit } = begun();
    expect(tell(state, 'rollback')).toEqual(refused(/anything to undo/));
    state.running(unit('a'), 1);
    expect(tell(state, 'rollback')).toEqual(refused(/running/));
    state.finished(unit('a'), true, null, true);
    expect(tell(state, 'rollback')).toEqual({ kind: 'rollback' });
    state.beginRollback('request');
    expect(tell(state, 'rollback')).toEqual(refused(/already/));
  });
});

describe('confirm', () => {
  test('answers a step that waits for a person, and no other', () => {
    const { state, unit } = begun();
    expect(tell(state, 'confirm', { step: 'x' })).toEqual(refused(/no such step/));
    expect(tell(state, 'confirm', { step: 'a' })).toEqual(refused(/does not wait/));
    state.waiting(unit('a'), 1, 5000);
    expect(tell(state, 'confirm', { step: 'a' })).toEqual(refused(/does not wait for a person/));
    state.waiting(unit('b'), 1, undefined);
    expect(tell(state, 'confirm', { step: 'b' })).toMatchObject({ kind: 'confirm', unit: { key: 'b' } });
  });
});

describe('answer', () => {
  const asked = { question: { message: 'Sure?', fields: [], url: null, warning: null } };
  const given = { step: 'a', answer: { action: 'accept' } } as const;

  test('is to the question that it names, and to no later one of the same words', () => {
    const { state, unit } = begun();
    const open = { asked, startedAt: new Date(0), isolation: 'none', logDigest: null };
    const first = questionDigest(asked, 1);
    expect(tell(state, 'answer', { ...given, question: first })).toEqual(refused(/asks nothing/));
    state.running(unit('a'), 1);
    state.asking(unit('a'), open);
    expect(tell(state, 'answer', { ...given, question: first })).toMatchObject({ kind: 'answer', unit: { key: 'a' } });
    expect(tell(state, 'answer', given)).toEqual(refused(/something else/));
    state.running(unit('a'), 2);
    state.asking(unit('a'), open);
    expect(tell(state, 'answer', { ...given, question: first })).toEqual(refused(/something else/));
  });
});

describe('resolve', () => {
  test('settles a step that failed or was cut short, not one that runs or is done', () => {
    const { state, unit } = begun();
    state.unknown(unit('a'), true);
    expect(tell(state, 'resolve', { step: 'a', as: 'done' })).toMatchObject({
      kind: 'resolve',
      unit: { key: 'a' },
      as: 'done',
    });
    expect(tell(state, 'resolve', { step: 'a' })).toEqual(refused(/no such step/));
    state.running(unit('b'), 1);
    expect(tell(state, 'resolve', { step: 'b', as: 'skip' })).toEqual(refused(/is running/));
    state.finished(unit('b'), true, null, true);
    expect(tell(state, 'resolve', { step: 'b', as: 'skip' })).toEqual(refused(/is done/));
  });
});
