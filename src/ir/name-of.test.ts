import { expect, test } from 'vitest';
import { nameOf } from './name-of.js';

test('people are named as people say it, keys and schedules with their kind', () => {
  expect(['user:ada@mill', 'person:mara@tidewater.example', 'key:ci', 'schedule:nightly'].map(nameOf)).toEqual([
    'ada',
    'mara@tidewater.example',
    'key:ci',
    'schedule:nightly',
  ]);
});
