import { expect, test } from 'vitest';
import { jsonDigest } from '#ir/digest.js';
import type { JsonValue } from '#ir/json.js';
import { REUSE_RULE } from '#ir/reusable-steps.js';
import { requireGenesis } from './genesis.js';
import type { RecordedRun } from './recorded.js';

const ask = { id: 'ask', kind: 'system', action: 'manual', args: { guards: ['rm'] }, dependsOn: [] };
const plan = { steps: [ask, { id: 'rm', kind: 'tool', args: {}, dependsOn: ['ask'] }] };
const digest = (value: unknown) => jsonDigest(value as JsonValue);
const at = new Date(0);

/** A re-run after a yes to a step that failed. @param kept steps that it took over; `named`: those that its first record names */
function rerun(kept: readonly string[], rule: number | undefined, named = kept): RecordedRun {
  const digests = { planDigest: digest(plan), inputsDigest: digest({}), targetDigest: digest({}) };
  const parent = {
    run: 'p',
    head: '',
    reused: named.map((step) => ({ step })),
    ...(rule === undefined ? {} : { rule }),
  };
  const row = (step: string, status: string) => ({ step, item: -1, attempt: 1, status, startedAt: at, endedAt: at });
  return {
    run: { inputs: {}, target: {}, created_at: at },
    plan,
    attempts: kept.map((step) => ({ ...row(step, 'done'), reusedFrom: 'p' })),
    chain: [{ body: { type: 'genesis', ...digests, parent } }],
    parent: {
      fork: { parent: 'p' },
      planDigest: digests.planDigest,
      attempts: [row('ask', 'done'), row('rm', 'failed')],
    },
  } as unknown as RecordedRun;
}

test('what a re-run took over is judged by the rule that its first record names', () => {
  expect(() => requireGenesis(rerun([], REUSE_RULE))).not.toThrow();
  expect(() => requireGenesis(rerun(['ask'], REUSE_RULE))).toThrow('takes over what its parent has settled');
});

test('of a version with another rule it is taken as recorded, within what no rule has ever let go', () => {
  expect(() => requireGenesis(rerun(['ask'], undefined))).not.toThrow();
  expect(() => requireGenesis(rerun([], undefined))).not.toThrow();
  expect(() => requireGenesis(rerun(['ask'], REUSE_RULE + 1))).not.toThrow();
  expect(() => requireGenesis(rerun(['rm'], undefined))).toThrow();
  expect(() => requireGenesis(rerun([], undefined, ['ask']))).toThrow();
  expect(() => requireGenesis(rerun(['ask'], undefined, []))).toThrow();
});
