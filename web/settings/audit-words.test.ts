import { expect, test } from 'vitest';
import { aboutText, exportPath, factsOf, filterOf, outcomeShown } from './audit-words.js';

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

test('what would turn or hide the words beside it is shown as its number, whoever wrote it', () => {
  const note = { ...entry, source: 'external', outcome: null, data: { note: { a: '\u202Eko' } } } as const;
  expect(aboutText(note)).toBe('{"a":"‹U+202E›ko"}');
  expect(aboutText({ ...entry, data: { question: 'a\u200Bb' } })).toBe('a‹U+200B›b');
  expect(aboutText({ ...entry, data: { subjects: { run: 'x\u034F' } } })).toBe('run x‹U+034F›');
  expect(factsOf({ ...entry, data: { from: { address: '\u202E1' } } })).toEqual([['from address', '‹U+202E›1']]);
});

test('what is exported is what is shown', () => {
  expect(exportPath('csv', {})).toBe('/v1/audit/export?format=csv');
  expect(exportPath('json', { ...filterOf('calls'), actor: 'key:gpt & co' })).toBe(
    '/v1/audit/export?format=json&kind=call.&actor=key%3Agpt+%26+co',
  );
  expect(exportPath('csv', filterOf('refused'))).toBe('/v1/audit/export?format=csv&refused=true');
});
