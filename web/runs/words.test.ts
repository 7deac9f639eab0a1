import { describe, expect, test } from 'vitest';
import type { RunRow } from './model.js';
import { bulkChoices, rowShown } from './words.js';

const run = (more: Partial<RunRow>): RunRow => ({
  runId: '019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20',
  shortId: '6f4e1d20',
  title: 'Deploy',
  status: 'running',
  word: null,
  waiting: null,
  wakeAt: null,
  rollingBack: false,
  notUndone: false,
  needsPerson: false,
  planDigest: 'a'.repeat(64),
  target: {},
  lane: 'A',
  priority: 0,
  requestedBy: 'user:ada@here',
  parent: null,
  session: null,
  createdAt: '2026-11-21T06:00:00Z',
  startedAt: null,
  endedAt: null,
  archived: false,
  progress: { done: 0, total: 1 },
  verdicts: { proven: 0, holds: 0, exitCodeOnly: 0, failed: 0 },
  ...more,
});

describe('the word for a run', () => {
  test.each([
    [{ status: 'succeeded', word: 'proven' }, 'succeeded, proven'],
    [{ status: 'succeeded', word: 'holds, not proven by this step' }, 'succeeded, holds'],
    [{ status: 'succeeded', word: 'exit code only' }, 'succeeded, exit code only'],
    [{ status: 'waiting', waiting: { code: 'MANUAL', what: '' } }, 'waiting for a person'],
    [{ status: 'waiting', waiting: { code: 'WORKSPACE_LOST', what: '' } }, 'parked: workspace lost'],
    [{ status: 'waiting', waiting: { code: 'INPUT', what: '' } }, 'waiting for an answer'],
    [{ status: 'waiting', waiting: { code: 'TAKEOVERS', what: '' } }, 'parked: taken over too often'],
    [{ status: 'waiting', waiting: { code: 'TIMER', what: '' }, wakeAt: '2026-11-21T07:00:00Z' }, 'waits for a time'],
    [{ status: 'waiting', waiting: { code: 'RETRY', what: '' }, wakeAt: '2026-11-21T07:00:00Z' }, 'waits to try again'],
    [{ status: 'running', needsPerson: true }, 'running, asks a person'],
    [{ status: 'running', rollingBack: true }, 'rolling back'],
    [{ status: 'failed' }, 'failed'],
    [{ status: 'failed', notUndone: true }, 'failed, not all undone'],
    [{ status: 'queued' }, 'queued'],
  ] as [Partial<RunRow>, string][])('%j: %s', (more, word) => {
    expect(rowShown(run(more)).word).toBe(word);
  });
});

test('for how many of the selected each action applies, and why not for the rest', () => {
  const choices = bulkChoices([run({}), run({ status: 'failed' }), run({ status: 'succeeded' })]);
  expect(choices.map(({ label, applies }) => `${label} ${applies}`)).toEqual(['Cancel 1', 'Re-run 1', 'Archive 2']);
  expect(choices[2]?.why).toBe('The run has not ended: it is running (1)');
  expect(bulkChoices([run({ status: 'failed', archived: true })]).at(-1)).toMatchObject({
    label: 'Take back',
    applies: 1,
  });
});
