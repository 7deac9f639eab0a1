import { expect, test } from 'vitest';
import { expectedOf } from './expected.js';
import type { Segment } from './segments.js';
import type { PlannedStep } from './store.js';

const at = (ms: number) => new Date(ms).toISOString();
const step = (id: string, dependsOn: string[], action = 'run'): PlannedStep => ({
  id,
  dependsOn,
  kind: action === 'manual' ? 'system' : 'tool',
  action,
});
const segment = (id: string, status: Segment['status'], startedMs: number): Segment => ({
  id,
  status,
  word: null,
  startedAt: at(startedMs),
  endedAt: null,
  wakeAt: null,
  steps: 1,
});
const STEPS = [step('a', []), step('b', ['a'])];
const sample = (a: number, b: number) =>
  new Map([
    ['a', a],
    ['b', b],
  ]);
const SAMPLES = [sample(1000, 2000), sample(1000, 4000), sample(1000, 9000)];

test('a run should end as earlier ones did, from where it stands', () => {
  const segments = [segment('a', 'done', 0), segment('b', 'running', 1000)];
  expect(expectedOf({ steps: STEPS, segments, samples: SAMPLES, nowMs: 2000 })).toEqual({
    p50At: at(5000),
    p90At: at(10_000),
    runs: 3,
  });
});

test('nothing is said without history, nor where a person decides how long it takes', () => {
  const segments = [segment('a', 'running', 0)];
  expect(expectedOf({ steps: STEPS, segments, samples: [], nowMs: 0 })).toBeUndefined();
  const asked = [...STEPS, step('c', ['b'], 'manual')];
  expect(expectedOf({ steps: asked, segments, samples: SAMPLES, nowMs: 0 })).toBeUndefined();
});
