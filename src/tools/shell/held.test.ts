import { expect, test } from 'vitest';
import type { ProcessEnd } from '#sandbox/process.js';
import { HeldProcesses } from './held.js';

const id = (stepId: string) => ({ org: 'org', runId: 'run', stepId, item: -1, revision: 1, attempt: 1 });
const END: ProcessEnd = { ended: 'aborted', exitCode: null, killedBy: null, isolation: 'none', durationMs: 0 };

/** A process that runs until it is told to end. */
function process(): { start: (signal: AbortSignal) => Promise<ProcessEnd>; hasEnded: () => boolean } {
  let ended = false;
  return {
    start: (signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => {
          ended = true;
          resolve(END);
        }),
      ),
    hasEnded: () => ended,
  };
}

test('what steps of one run start at the same instant ends with the run, all of it', async () => {
  const held = new HeldProcesses();
  const programs = [process(), process(), process()];
  await Promise.all(programs.map(({ start }, n) => held.hold(id(`step-${n}`), start)));
  await held.letGo('run');
  expect(programs.map(({ hasEnded }) => hasEnded())).toEqual([true, true, true]);
  expect(held.heldRuns()).toEqual([]);
});

test('a later attempt ends what the one before it left, and nothing of another step', async () => {
  const held = new HeldProcesses();
  const [first, other, second] = [process(), process(), process()];
  await held.hold(id('a'), first.start);
  await Promise.all([held.hold(id('a'), second.start), held.hold(id('b'), other.start)]);
  expect([first, other, second].map(({ hasEnded }) => hasEnded())).toEqual([true, false, false]);
  await held.letGo('run');
  expect([other, second].map(({ hasEnded }) => hasEnded())).toEqual([true, true]);
});
