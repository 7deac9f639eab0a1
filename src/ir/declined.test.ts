import { expect, test } from 'vitest';
import { declinedIn, declinedWords } from './declined.js';
import type { Plan } from './plan.js';

const ask = (id: string, ...guards: string[]) => ({ id, kind: 'system', action: 'manual', args: { guards } });
const tool = (id: string) => ({ id, kind: 'tool', args: {} });
const plan = { steps: [tool('a'), ask('go-on', 'b', 'sure', 'c'), tool('b'), ask('sure', 'c'), tool('c')] };
const ada = { by: 'person:ada@ops.example', reason: 'the count is zero' };
const state = (id: string, status: string, person: typeof ada | null = null) => ({ id, status, person });
const declined = (...states: ReturnType<typeof state>[]) => declinedIn(plan as unknown as Plan, states);

test('a no that ends a run is told with who said it and what was not done', () => {
  const rest = ['b', 'sure', 'c'].map((id) => state(id, 'skipped'));
  const found = declined(state('a', 'done'), state('go-on', 'skipped', ada), ...rest);
  expect(found).toEqual([{ step: 'go-on', ...ada, notDone: ['b', 'c'] }]);
  expect(declinedWords(found)).toMatch(/^2 steps not done: .*ada.* said no at go-on$/);
});

test('what was done is not told, nor what no no left out', () => {
  const yes = state('go-on', 'done', ada);
  expect(declined(yes, state('b', 'done'), state('sure', 'skipped', ada), state('c', 'skipped'))).toEqual([
    { step: 'sure', ...ada, notDone: ['c'] },
  ]);
  expect(declined(yes, state('b', 'skipped'), state('sure', 'done', ada), state('c', 'done'))).toEqual([]);
  expect(declinedWords([])).toBeUndefined();
});
