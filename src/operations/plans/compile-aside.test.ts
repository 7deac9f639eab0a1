import { expect, test } from 'vitest';
import { builtIn } from '../contracts.js';
import type { MadeContracts } from '../made-contracts.js';
import { withServers } from '../mcp/known-servers.js';
import { showCompiled } from './compile.js';
import { unseenProblem } from './gate.js';
import { compileGiven, type PlanGiven } from './input.js';
import { isLarge } from './large.js';

const LIMIT = 60_000;
const plain = builtIn({ project: '/nowhere' }).contracts;
const aside: MadeContracts = { ...plain, grounds: { project: '/nowhere' } };
const noted = '\n# a long remark'.repeat(1001);
const plan = (step: string): PlanGiven => ({ file: '/p/plan.yaml', text: `title: A\nsteps:\n  - ${step}${noted}\n` });
const runbook: PlanGiven = {
  file: 'ops.md',
  text: `# R\n\n${'```sh\necho hi > file\n```\n\n'.repeat(300)}`,
  lock: JSON.stringify({ apiVersion: 'opsroom/v1', kind: 'runbook-lock', digest: 'of another text', blocks: [] }),
};
const tasks: PlanGiven = {
  bundle: [{ path: 'specs/tasks.md', text: `# Tasks\n\n${'- [ ] T001 Do it in src/a.ts\n'.repeat(1001)}` }],
};

/** What compiling it comes to, as doors show it. */
async function outcome(given: PlanGiven, contracts: MadeContracts): Promise<unknown> {
  try {
    const compiled = await compileGiven(given, contracts);
    return [showCompiled(compiled), unseenProblem(compiled, given)];
  } catch (error) {
    return error;
  }
}

test.each<[string, PlanGiven]>([
  ['a plan with the places of its steps', plan('{ id: a, tool: shell, args: { run: "true" } }')],
  ['problems with their places', plan('{ id: a, tool: shel, args: { run: "true" } }')],
  ['what cannot be read', { file: 'plan.yaml', text: `\0${'a'.repeat(40_000)}` }],
  [
    'a value',
    {
      value: {
        title: 'A',
        steps: Array.from({ length: 1000 }, (_, i) => ({ id: `s${i}`, tool: 'shell', args: { run: 'true' } })),
      },
    },
  ],
  ['a runbook with its lock', runbook],
  ['a task list', tasks],
])('in a thread comes what would come here: %s', { timeout: LIMIT }, async (_, given) => {
  expect(isLarge(given)).toBe(true);
  expect(await outcome(given, aside)).toEqual(await outcome(given, plain));
});

test('what servers are known to have is known there, too', { timeout: LIMIT }, async () => {
  const known = withServers(aside, { tools: new Map(), open: new Set(['open']) });
  await expect(compileGiven(plan('{ id: a, tool: "mcp:closed:x" }'), known)).rejects.toMatchObject({
    code: 'PLAN_INVALID',
    where: '/p/plan.yaml:3:14, step a',
  });
  const compiled = await compileGiven(plan('{ id: a, tool: "mcp:open:x" }'), known);
  expect(compiled.plan.steps).toHaveLength(1);
});

test('while a large plan compiles, other work goes on', { timeout: LIMIT }, async () => {
  await compileGiven({ file: 'small.md', text: '```sh\ntrue\n```\n' }, plain);
  const order: string[] = [];
  const compiled = compileGiven(runbook, aside).then(() => order.push('compiled'));
  await new Promise((resolve) => setImmediate(resolve));
  order.push('other work');
  await compiled;
  expect(order).toEqual(['other work', 'compiled']);
});

test('small ones stay here, and so do all of a command line', () => {
  expect(isLarge({ file: 'ops.md', text: '# R\n\n```sh\necho hi\n```\n' })).toBe(false);
  expect(isLarge({ value: { steps: [{}] } })).toBe(false);
});
