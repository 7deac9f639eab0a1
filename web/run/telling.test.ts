import { expect, test } from 'vitest';
import { actionStates, RUN_STATUSES } from '#ir/state.js';
import type { Run, RunStep } from './data.js';
import { headActions, inSight, tellingStep, tellingTab } from './telling.js';

const steps = (...statuses: RunStep['status'][]) =>
  ({ waiting: null, asks: null, steps: statuses.map((status, n) => ({ id: `s${n}`, status, wakeAt: null })) }) as Run;
const run = (status: Run['status']) =>
  ({ status, inputs: { ref: 'x' }, actions: actionStates({ status }) }) as unknown as Run;

test.each<[RunStep['status'][], string | undefined]>([
  [['done', 'failed', 'running'], 's1'],
  [['done', 'waiting', 'running'], 's1'],
  [['done', 'running', 'pending'], 's1'],
  [['done', 'done', 'pending', 'skipped'], 's1'],
  [['pending', 'pending'], 's0'],
  [[], undefined],
])('of steps that are %j the telling one is %s', (statuses, id) => {
  expect(tellingStep(steps(...statuses), undefined)?.id).toBe(id);
});

test('what is asked at the top of the page comes before what failed, and so does a step of which nobody knows the end', () => {
  const run = steps('failed', 'waiting', 'waiting');
  expect(tellingStep(run, run.steps[2])?.id).toBe('s2');
  const asks = { code: 'UNKNOWN', what: '', mend: '', step: 's1', item: 3 };
  expect(tellingStep({ ...steps('running', 'running'), asks }, undefined)?.id).toBe('s1');
});

test('a running step is told by its log, a done one by its verdicts, any other by what stands against it', () => {
  expect(
    (['running', 'done', 'failed', 'waiting', 'pending'] as const).map((status) => tellingTab({ status })),
  ).toEqual(['logs', 'verdicts', 'overview', 'overview', 'overview']);
});

test('every button of a run can be used or says why not, as the table has it', () => {
  for (const status of RUN_STATUSES) {
    const buttons = new Map(headActions(run(status), 'build').map(({ id, why }) => [id, why]));
    const table = new Map(actionStates({ status }).map(({ action, why }) => [action, why ?? undefined]));
    for (const id of ['cancel', 'pause', 'resume', 'rollback'] as const)
      if (buttons.has(id)) expect(buttons.get(id)).toBe(table.get(id));
    for (const id of ['failed', 'edit'] as const) if (buttons.has(id)) expect(buttons.get(id)).toBe(table.get('rerun'));
    expect(buttons.get('fresh')).toBeUndefined();
  }
});

test('a run that has ended is not offered to be stopped, and one that goes on not to be made up for', () => {
  expect(headActions(run('failed'), 'a/undo').map(({ id }) => id)).toEqual([
    'failed',
    'from',
    'edit',
    'fresh',
    'rollback',
  ]);
  expect(headActions(run('succeeded'), undefined)[0]).toMatchObject({ id: 'from', why: 'Choose a step.' });
  expect(headActions(run('paused'), 'a')[0]).toMatchObject({ id: 'resume', why: undefined });
});

const seen = (status: Run['status']) =>
  headActions(run(status), 'a')
    .filter((action) => inSight(action, status))
    .map(({ id }) => id);

test('a key that starts something is no key of the runboard, where the same press is harmless', () => {
  const keys = headActions(run('failed'), 'a').map(({ key }) => key);
  for (const key of ['f', 'j', 'k', 'n']) expect(keys).not.toContain(key);
});

test('of a run that goes on the two ways to stop it are in sight, of one that ended what it allows', () => {
  expect(seen('running')).toEqual(['pause', 'cancel']);
  expect(seen('failed')).toEqual(['failed', 'edit', 'rollback']);
  expect(seen('rolled_back')).toEqual(['failed', 'edit']);
});
