import { expect, test } from 'vitest';
import { planOf, triggerLacks } from './trigger-form.js';

test('a file is followed, and a section of it when one is named', () => {
  expect(planOf(' ops/deploy.yaml ')).toEqual({ follow: 'ops/deploy.yaml' });
  expect(planOf('ops/backup.md#back-up')).toEqual({ follow: 'ops/backup.md', section: 'back-up' });
});

test('a name and a file are needed', () => {
  expect(triggerLacks({ name: '', file: 'a.yaml' })).toBe('Give it a name.');
  expect(triggerLacks({ name: 'a', file: ' ' })).toBe('Name what it starts.');
  expect(triggerLacks({ name: 'a', file: 'a.yaml' })).toBeUndefined();
});
