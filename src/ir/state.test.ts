import { expect, test } from 'vitest';
import { allowedActions, hasEnded, RUN_ACTIONS, RUN_STATUSES, whyNot } from './state.js';

test('the table of what is possible', () => {
  expect(Object.fromEntries(RUN_STATUSES.map((status) => [status, allowedActions(status).join(' ')]))).toEqual({
    queued: 'cancel pause',
    released: 'cancel pause',
    running: 'cancel pause confirm resolve',
    waiting: 'cancel pause resume confirm resolve',
    pausing: 'cancel resume confirm resolve',
    paused: 'cancel resume confirm resolve',
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
      if (reason !== undefined) expect(reason).toMatch(new RegExp(`${status.replace('_', ' ')}|paus|${status}`));
    }
  }
});

test('a run that has ended cannot be stopped any more', () => {
  for (const status of RUN_STATUSES.filter(hasEnded)) {
    for (const action of ['cancel', 'pause', 'resume'] as const) expect(whyNot(action, status)).toContain('has ended');
  }
});
