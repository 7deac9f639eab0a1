import { expect, test } from 'vitest';
import { runbookContracts } from '../../../test/harness/runbook-contracts.js';
import { compileRunbook, type RunbookInput } from './runbook.js';

const machine = { platform: 'linux', has: () => true };
const compile = (text: string, more: Partial<RunbookInput> = {}) =>
  compileRunbook({ text, file: 'ops/incident.md', machine, ...more }, runbookContracts);
const block = (code: string, info = 'bash') => `\`\`\`${info}\n${code}\n\`\`\`\n\n`;

const TEXT = `# The shop is down

## Scenario A: the disk is full

${block('systemctl restart shop')}## Scenario B: the process hangs

${block('systemctl kill shop')}## Scenario C: the database does not answer

1. End the idle ones:

${block('select pg_terminate_backend(pid) from pg_stat_activity', 'sql').replaceAll(/^(?=.)/gm, '   ')}`;

test('which scenario it is, nobody but people can say: there is no default', async () => {
  const { plan } = await compile(TEXT);
  expect(plan.inputSchema).toMatchObject({
    required: ['way'],
    properties: { way: { enum: ['scenario_a', 'scenario_b', 'scenario_c'] } },
  });
  expect(plan.inputSchema).not.toHaveProperty('properties.way.default');
});

test('options that do not differ by what a machine has are asked for, too', async () => {
  const { plan } = await compile(TEXT.replaceAll('Scenario', 'Option'));
  expect(plan.inputSchema).not.toHaveProperty('properties.way.default');
});

test('scenarios that are lettered below their heading have no default either', async () => {
  const text = `# Down\n\n## Scenarios\n\n### A. Full\n\n${block('make a')}### B. Slow\n\n${block('make b')}`;
  const { plan } = await compile(text);
  expect(plan.inputSchema).toMatchObject({
    required: ['way'],
    properties: { way: { enum: ['scenario_a', 'scenario_b'] } },
  });
});

test('a way in SQL without a database stays to be chosen: a person does it', async () => {
  const { plan, explanation } = await compile(TEXT);
  expect(plan.steps.at(-1)).toMatchObject({ action: 'manual', if: 'inputs.way == "scenario_c"' });
  expect(JSON.stringify(plan.steps.at(-1))).toContain('`database:` in the front matter');
  expect(explanation.steps.at(-1)).toMatchObject({ label: 'manual', rule: 'sql-without-database' });
});

test('why nothing of a section can be run is told by what is in it', async () => {
  await expect(compile(TEXT, { section: 'scenario-c-the-database-does-not-answer' })).rejects.toMatchObject({
    code: 'RUNBOOK_EMPTY',
    message: expect.stringMatching(/^Nothing of its only block can be run: line \d+: nothing says on which database/),
  });
});
