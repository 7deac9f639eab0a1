import { describe, expect, it } from 'vitest';
import { INTENT_ACTIONS, INTENT_STATUSES, isOver, mayBecome, whyNotNow } from './intent-state.js';

describe('the states of an intent', () => {
  it('lead nowhere from an end, and nowhere back', () => {
    for (const from of INTENT_STATUSES)
      for (const to of INTENT_STATUSES) {
        if (isOver(from)) expect(mayBecome(from, to), `${from} to ${to}`).toBe(false);
        if (to === 'waiting' || to === from) expect(mayBecome(from, to), `${from} to ${to}`).toBe(false);
      }
  });

  it('let an end be reached from every open one', () => {
    for (const from of INTENT_STATUSES.filter((status) => !isOver(status)))
      expect(
        INTENT_STATUSES.some((to) => isOver(to) && mayBecome(from, to)),
        from,
      ).toBe(true);
  });

  it('let nobody decide what is decided, and say what became of it', () => {
    for (const status of INTENT_STATUSES.filter(isOver))
      for (const action of INTENT_ACTIONS) expect(whyNotNow(action, { status, word: '' })).toMatch(/^The intent .+\.$/);
    expect(whyNotNow('approve', { status: 'void', word: 'the plan changed: step release' })).toBe(
      'The intent is void: the plan changed: step release.',
    );
  });

  it('let what was approved be taken back until it runs, and approved only once', () => {
    expect(whyNotNow('withdraw', { status: 'approved', word: '' })).toBeUndefined();
    expect(whyNotNow('reject', { status: 'approved', word: '' })).toBeUndefined();
    expect(whyNotNow('approve', { status: 'approved', word: '' })).toContain('was approved');
    expect(whyNotNow('withdraw', { status: 'running', word: '' })).toContain('runs already');
  });
});
