import { expect, test } from 'vitest';
import { RUN_STATUSES } from '#ir/state.js';
import { VERDICT_WORDS } from '#ir/verdict.js';
import { runShown, stepShown, verdictShown } from './state.js';

test('every state of a run has a look, and only what is proven looks proven', () => {
  for (const status of RUN_STATUSES) expect(runShown(status, null).look).not.toBe('proven');
  expect(runShown('succeeded', 'proven')).toEqual({ look: 'proven', word: 'succeeded, proven' });
  expect(runShown('succeeded', 'exit code only')).toEqual({ look: 'exit', word: 'succeeded, exit code only' });
  expect(runShown('failed', 'failed').look).toBe('failed');
});

test('verdicts keep their exact words; one that is not known is neither hidden nor taken for a success', () => {
  for (const word of VERDICT_WORDS) expect(verdictShown(word).word).toBe(word);
  expect(new Set(VERDICT_WORDS.map((word) => verdictShown(word).look)).size).toBe(VERDICT_WORDS.length);
  expect(verdictShown('toString')).toEqual({ look: 'unknown', word: 'toString' });
});

test('a step that is done looks as its verdict says, whatever its status is called', () => {
  expect(stepShown('done', 'holds, not proven by this step').look).toBe('holds');
  expect(stepShown('done', null)).toEqual({ look: 'exit', word: 'done' });
  expect(stepShown('a state to come', null)).toEqual({ look: 'unknown', word: 'a state to come' });
});
