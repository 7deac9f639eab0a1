import { expect, test } from 'vitest';
import { aboutText, factsOf, outcomeShown } from './audit-words.js';

const entry = {
  seq: 1,
  at: '',
  source: 'room',
  kind: 'call.runs.start',
  actor: 'key:ci',
  outcome: 'ok',
  data: {},
} as const;

test('a call says what it was about, a question is shown as it was asked', () => {
  expect(aboutText({ ...entry, data: { subjects: { run: 'last', step: 'a' }, ms: 3 } })).toBe('run last, step a');
  expect(aboutText({ ...entry, data: { question: '{"text":"shop"}', subjects: {} } })).toBe('{"text":"shop"}');
  expect(outcomeShown({ ...entry, outcome: 'DENIED' })?.look).toBe('failed');
});

test('what an agent wrote is shown as its words alone', () => {
  const data = { note: { outcome: 'ok' }, who: { kind: 'agent', agent: 'gpt' }, input: 'x', subjects: { run: 'y' } };
  const note = { ...entry, source: 'external', outcome: null, data } as const;
  expect(aboutText(note)).toBe('{"outcome":"ok"}');
  expect(outcomeShown(note)).toBeUndefined();
  expect(factsOf(note)).toEqual([
    ['who kind', 'agent'],
    ['who agent', 'gpt'],
  ]);
});
