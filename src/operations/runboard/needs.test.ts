import { expect, test } from 'vitest';
import type { AskingStep } from '../runs/asking-store.js';
import { needOf } from './needs.js';
import { type BoardRun, instructionsKey } from './store.js';

const RUN = '019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20';
const run = (more: Partial<BoardRun> = {}): BoardRun =>
  ({
    id: RUN,
    title: 'Deploy',
    lane: 'B',
    status: 'running',
    parked: null,
    plan_digest: 'p',
    asking: null,
    ...more,
  }) as BoardRun;
const asks = (more: Partial<AskingStep> = {}): AskingStep => ({
  step: 'look',
  item: -1,
  status: 'waiting',
  question: null,
  guards: false,
  since: '1970-01-01T00:00:01+00:00',
  ...more,
});
const need = (asking: AskingStep | null) =>
  needOf(run({ asking }), 'shop', {
    instructions: new Map([[instructionsKey(RUN, 'look'), { text: 'Compare two pictures.', written: null }]]),
    plans: new Map([['p', { titles: new Map([['look', 'Look at it']]) }]]),
  });

test('a step that asks a person is told while its run goes on: what, since when, and what to say', () => {
  expect(need(null)).toBeUndefined();
  expect(need(asks())).toMatchObject({
    kind: 'confirm',
    step: 'look',
    stepTitle: 'Look at it',
    what: 'Compare two pictures.',
    mend: 'When it is done: `opsroom confirm 6f4e1d20 look --reason TEXT`.',
    since: '1970-01-01T00:00:01.000Z',
  });
  expect(need(asks({ step: 'q', item: 2, question: 'Which?' }))).toMatchObject({
    kind: 'answer',
    what: 'Step q#2 asks: Which?',
    mend: 'Answer it: `opsroom answer 6f4e1d20 q#2`; or `--decline`.',
  });
  expect(need(asks({ guards: true }))?.mend).toBe(
    'Yes: `opsroom confirm 6f4e1d20 look --reason TEXT`. No, leave it out: `opsroom resolve 6f4e1d20 look --as skip --reason TEXT`.',
  );
  expect(need(asks({ status: 'unknown' }))).toMatchObject({ kind: 'resolve' });
});
