import { expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { Comparison } from './comparison.js';
import type { RecordedRun } from './recorded.js';

/** Holds an event of the records against what the rules write in its place. */
function held(type: string, recorded: JsonObject, decided: JsonObject): void {
  const comparison = new Comparison({ plan: { steps: [] }, chain: [] } as unknown as RecordedRun);
  comparison.take({ events: [{ n: 1, seq: 2, type, data: decided, at: '' }] });
  const event = { seq: 2, type, step: null, item: null, attempt: null, data: recorded, at: new Date(0) };
  comparison.event(event, { rendersEnv: false });
}

test('how a run tells what it waits for is no decision; for what it waits is one', () => {
  const asks = { code: 'MANUAL', step: 'a/ask', item: -1, what: 'Now.', mend: 'Say yes.' };
  for (const type of ['run.waiting', 'run.paused']) {
    expect(() => held(type, { ...asks, what: 'Before.', mend: 'Say so.' }, asks)).not.toThrow();
    expect(() => held(type, { ...asks, code: 'TIMER' }, asks)).toThrow();
    expect(() => held(type, { ...asks, step: 'b/ask' }, asks)).toThrow();
  }
});

test('why a run rolls back is compared, where it was written down', () => {
  const error = { code: 'RUN_TIMEOUT', message: 'Too long.', mend: '' };
  const decided = { cause: 'failure', error };
  expect(() => held('run.rollback', decided, decided)).not.toThrow();
  expect(() => held('run.rollback', { cause: 'failure' }, decided)).not.toThrow();
  expect(() => held('run.rollback', { cause: 'request' }, decided)).toThrow();
  expect(() => held('run.rollback', { cause: 'failure', error: { ...error, code: 'STEP_FAILED' } }, decided)).toThrow();
});
