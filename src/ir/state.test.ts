import { expect, test } from 'vitest';
import { actionStates, allowedActions, hasEnded, RUN_ACTIONS, RUN_STATUSES, whyNot, whyNotSettled } from './state.js';

test('the table of what is possible', () => {
  expect(Object.fromEntries(RUN_STATUSES.map((status) => [status, allowedActions(status).join(' ')]))).toEqual({
    queued: 'cancel pause',
    released: 'cancel pause',
    running: 'cancel pause confirm answer resolve',
    waiting: 'cancel pause resume confirm answer resolve',
    pausing: 'cancel resume confirm answer resolve',
    paused: 'cancel resume confirm answer resolve',
    succeeded: 'rerun rollback',
    failed: 'resolve rerun rollback',
    rolled_back: 'rerun',
    cancelled: 'rerun rollback',
  });
});

test('what is not possible has a reason that names the state, and only that', () => {
  for (const status of RUN_STATUSES) {
    for (const action of RUN_ACTIONS) {
      const reason = whyNot(action, status);
      expect(reason === undefined).toBe(allowedActions(status).includes(action));
      if (reason !== undefined) expect(`${reason} `).toMatch(/ (ended|paused|pausing|rolled back|waits)[ .:]/);
      expect(reason ?? '').not.toMatch(/_|it is (succeeded|failed|cancelled|released|waiting)/);
    }
  }
});

test('a run that has ended cannot be stopped any more', () => {
  for (const status of RUN_STATUSES.filter(hasEnded)) {
    for (const action of ['cancel', 'pause', 'resume'] as const) expect(whyNot(action, status)).toContain('has ended');
  }
});

test('each action comes with its reason, and facts beyond the state only ever forbid', () => {
  for (const status of RUN_STATUSES) {
    const plain = actionStates({ status });
    expect(plain.map(({ action }) => action)).toEqual(RUN_ACTIONS);
    expect(plain.filter(({ allowed }) => allowed).map(({ action }) => action)).toEqual(allowedActions(status));
    for (const state of actionStates({ status, rollingBack: true, undoable: false, asks: false, questions: false })) {
      expect(state.allowed).toBe(state.why === null);
      if (state.allowed) expect(allowedActions(status)).toContain(state.action);
    }
  }
});

test.each([
  [{ status: 'failed', undoable: false } as const, 'rollback', 'No step that the run did has a rollback.'],
  [{ status: 'running', rollingBack: true } as const, 'cancel', 'The run is rolling back.'],
  [{ status: 'running', asks: false } as const, 'confirm', 'No step of the run waits for a person.'],
  [{ status: 'running', questions: false } as const, 'answer', 'No step of the run asks anything.'],
  [{ status: 'running' } as const, 'rerun', 'The run has not ended: it is running.'],
])('%j: %s is refused: %s', (facts, action, why) => {
  expect(actionStates(facts)).toContainEqual({ action, allowed: false, why });
});

test('a step is settled by a word unless it runs or is over', () => {
  expect(['failed', 'unknown', 'waiting', 'pending'].map(whyNotSettled)).toEqual(Array.from({ length: 4 }));
  expect(whyNotSettled('running')).toBe('The step is running.');
  expect(whyNotSettled('done')).toBe('The step is done.');
});
