import { describe, expect, test } from 'vitest';
import { BULK_ACTIONS, bulkEffect } from './bulk.js';
import { hasEnded, RUN_STATUSES, whyNot } from './state.js';

describe.each(RUN_STATUSES)('a run that is %s', (status) => {
  test.each(BULK_ACTIONS)('%s: one sentence, whether it applies or not', (action) => {
    for (const archived of [false, true])
      expect(bulkEffect(action, { status, archived }).what).toMatch(/^[A-Z][^.]*(\.|; .*\.)$/);
  });

  test('is cancelled and re-run only when the table of actions allows it', () => {
    const applies = (action: 'cancel' | 'rerun') => bulkEffect(action, { status, archived: false }).applies;
    expect(applies('cancel')).toBe(whyNot('cancel', status) === undefined);
    expect(applies('rerun')).toBe(whyNot('rerun', status) === undefined && status !== 'succeeded');
  });

  test('is archived once, when it has ended', () => {
    expect(bulkEffect('archive', { status, archived: false }).applies).toBe(hasEnded(status));
    expect(bulkEffect('archive', { status, archived: true }).applies).toBe(false);
    expect(bulkEffect('unarchive', { status, archived: true }).applies).toBe(true);
  });
});

test('a plan that undoes on cancel says so', () => {
  expect(bulkEffect('cancel', { status: 'running', archived: false, undoesOnCancel: true }).what).toMatch(/undone/);
});
