import { expect, test } from 'vitest';
import { builtIn } from '../contracts.js';
import { compiledOnce } from './compiled-once.js';

const given = (text: string) => ({ text, file: 'templates/a.yaml' });
const PLAN = 'title: A\nsteps:\n  - { id: a, tool: shell, args: { run: "true" } }\n';

test('a text is compiled once for each set of contracts, and anew when it changes', async () => {
  const { contracts } = builtIn();
  const first = await compiledOnce(given(PLAN), contracts);
  expect(await compiledOnce(given(PLAN), contracts)).toBe(first);
  expect(await compiledOnce(given(PLAN), builtIn().contracts)).not.toBe(first);
  const changed = await compiledOnce(given(PLAN.replace('title: A', 'title: B')), contracts);
  expect(changed.plan.title).toBe('B');
});

test('what may use a skill is compiled each time, and what does not compile says so each time', async () => {
  const { contracts } = builtIn();
  const skilled = given(`${PLAN}description: as the skill has it\n`);
  expect(await compiledOnce(skilled, contracts)).not.toBe(await compiledOnce(skilled, contracts));
  const broken = given(PLAN.replace('shell', 'shel'));
  for (const _ of [1, 2]) await expect(compiledOnce(broken, contracts)).rejects.toMatchObject({ code: 'PLAN_INVALID' });
});
