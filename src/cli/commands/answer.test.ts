import { expect, test } from 'vitest';
import { actionOf, questionOf } from './answer.js';

test('to look at a question is to accept nothing', () => {
  expect(actionOf({ input: [] })).toBeUndefined();
  expect(actionOf({ input: [], accept: true })).toBe('accept');
  expect(actionOf({ input: ['version=1'] })).toBe('accept');
  expect(actionOf({ input: ['version=1'], accept: true })).toBe('accept');
  expect(actionOf({ input: [], decline: true })).toBe('decline');
  expect(actionOf({ input: [], cancel: true })).toBe('cancel');
});

test('the step that asks is found, or those that do are named', () => {
  const asks = (id: string) => ({
    id,
    question: { message: 'Go?', fields: [], url: null, warning: null, step: id, digest: `d-${id}` },
  });
  const silent = { id: 'build', question: null };
  const [release, notify] = [asks('release'), asks('notify')];
  expect(questionOf([silent, release], undefined, 'run r')).toBe(release.question);
  expect(questionOf([notify, release], 'release', 'run r')).toBe(release.question);
  expect(() => questionOf([notify, release], undefined, 'run r')).toThrow(/Several steps ask/);
  expect(() => questionOf([notify, release], 'realease', 'run r')).toThrow(
    'The step "realease" asks nothing. Those that ask: notify, release.',
  );
  expect(() => questionOf([silent], 'build', 'run r')).toThrow(/No step of the run asks anything/);
});

test('one answer at a time', () => {
  expect(() => actionOf({ input: ['version=1'], decline: true })).toThrow(/accept and to decline/);
  expect(() => actionOf({ input: [], decline: true, cancel: true })).toThrow(/decline and to cancel/);
});
