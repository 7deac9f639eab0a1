import { describe, expect, test } from 'vitest';
import type { Plan } from '#ir/plan.js';
import type { VerdictWord } from '#ir/verdict.js';
import { runWord, weakest } from './words.js';

const PROVEN = 'proven';
const HOLDS = 'holds, not proven by this step';
const EXIT = 'exit code only';

/** A plan as far as words go: ids of steps, with what they promise. */
const plan = (steps: Record<string, { readOnly?: boolean; kind?: string }>): Plan =>
  ({ steps: Object.entries(steps).map(([id, more]) => ({ id, kind: 'tool', ...more })) }) as unknown as Plan;
const words = (of: Record<string, VerdictWord>) => new Map(Object.entries(of));

test('the weakest word is the one that claims least', () => {
  expect(weakest([PROVEN, HOLDS])).toBe(HOLDS);
  expect(weakest([PROVEN, EXIT, HOLDS])).toBe(EXIT);
  expect(weakest([EXIT, 'failed'])).toBe('failed');
  expect(weakest([])).toBe(EXIT);
});

describe('the word of a run', () => {
  test('is that of its weakest step among those that change something', () => {
    const steps = plan({ a: {}, b: {}, look: { readOnly: true } });
    expect(runWord('succeeded', steps, words({ a: PROVEN, b: PROVEN, look: EXIT }))).toBe(PROVEN);
    expect(runWord('succeeded', steps, words({ a: PROVEN, b: HOLDS, look: EXIT }))).toBe(HOLDS);
  });

  test('of a run that only looks is that of its weakest look', () => {
    expect(runWord('succeeded', plan({ look: { readOnly: true } }), words({ look: EXIT }))).toBe(EXIT);
  });

  test('counts items and compensations to their step, and waits to none', () => {
    const steps = plan({ a: {}, wait: { kind: 'system' } });
    expect(runWord('succeeded', steps, words({ 'a#0': PROVEN, 'a#1': HOLDS, wait: EXIT }))).toBe(HOLDS);
    expect(runWord('rolled_back', steps, words({ a: PROVEN, 'a/undo': EXIT }))).toBe(EXIT);
  });

  test('of a run that failed or was cancelled is failed, whatever its steps say', () => {
    for (const status of ['failed', 'cancelled'] as const)
      expect(runWord(status, plan({ a: {} }), words({ a: PROVEN }))).toBe('failed');
  });
});
