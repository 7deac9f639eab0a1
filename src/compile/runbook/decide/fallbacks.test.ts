import { expect, test } from 'vitest';
import { builtIn } from '../../../operations/contracts.js';
import { compileRunbook } from '../runbook.js';

const { contracts } = builtIn();
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;
const plan = async (text: string, section?: string) =>
  (await compileRunbook({ text: `# Move the shop\n\n${text}`, file: 'r.md', section }, contracts)).plan;

test.each([
  'Plan B',
  'Plan B: use the old host',
  'Last resort',
  'As a last resort',
  'Fallback: use the standby',
  'Im Notfall',
  'Als letztes Mittel',
  'Dernier recours',
  'Último recurso',
  'Em último caso',
  'Ultima risorsa',
  'В крайнем случае',
])('"%s" is for when the rest has not helped, unless it is asked for by its name', async (heading) => {
  const text = `## Move it\n\n${block('make move')}## ${heading}\n\n${block('make other')}`;
  const { steps } = await plan(text);
  expect(steps.map((step) => [step.args['run'], step.if !== undefined])).toEqual([
    ['make move', false],
    ['make other', true],
  ]);
});

test('who names it, says yes to it', async () => {
  const { steps } = await plan(`## Move it\n\n${block('make move')}## Plan B\n\n${block('make other')}`, 'plan-b');
  expect(steps.map((step) => [step.args['run'], step.if])).toEqual([['make other', undefined]]);
});

test('beside "Plan A" it is one of two ways', async () => {
  const { steps } = await plan(`## Plan A\n\n${block('make move')}## Plan B\n\n${block('make other')}`);
  expect(steps.map((step) => step.if)).toEqual([
    expect.stringContaining('"plan_a"'),
    expect.stringContaining('"plan_b"'),
  ]);
});
