import { expect, test } from 'vitest';
import { builtIn } from '../../../operations/contracts.js';
import { compileRunbook } from '../runbook.js';

const { contracts } = builtIn();
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;
/** Of each step its command, or what a person does, and what takes it back. */
const steps = async (text: string) => {
  const { plan } = await compileRunbook({ text: `# Shop\n\n${text}`, file: 'r.md' }, contracts);
  return plan.steps.map((step) => [
    step.args['run'] ?? step.args['instructions'],
    (step.rollback ?? []).map(({ args }) => args['run'] ?? args['instructions']),
  ]);
};
const DEPLOY = `**Deploy**\n\n${block('make deploy')}`;

test.each(['Rollback', 'Backing out:', '5. Going back', 'Rücknahme / Rollback', 'Откат'])(
  'what stands below a bold "%s" takes back',
  async (heading) => {
    const text = `${DEPLOY}**${heading}**\n\nThere is a script for it:\n\n${block('make old')}Then:\n\n${block('make start')}`;
    expect(await steps(text)).toEqual([['make deploy', ['make old', 'make start']]]);
  },
);

test('up to the next bold line, or the next heading', async () => {
  const back = `${DEPLOY}**Rollback**\n\n${block('make old')}`;
  const both = [
    ['make deploy', ['make old']],
    ['make news', []],
  ];
  expect(await steps(`${back}**Announce it**\n\n${block('make news')}`)).toEqual(both);
  expect(await steps(`${back}## Announce it\n\n${block('make news')}`)).toEqual(both);
});

test('an item below it is done when things are taken back', async () => {
  expect(await steps(`${DEPLOY}**Rollback**\n\n1. Tell the team.\n`)).toEqual([['make deploy', ['Tell the team.']]]);
});

test('it takes back what its own section did', async () => {
  const task = (name: string) =>
    `## Move the ${name}\n\n${block(`make ${name}`)}**Rollback**\n\n${block(`make old-${name}`)}`;
  expect(await steps(`${task('queue')}${task('cache')}`)).toEqual([
    ['make queue', ['make old-queue']],
    ['make cache', ['make old-cache']],
  ]);
});

test.each([
  'No rollback needed.',
  'No rollback',
  'Do not abort this step',
  'In case of failure, call the owner',
  'Undo is not possible',
  'Keep the rollback window open',
  'Rollback owner: the shop team',
])('a bold note heads none: %s', async (note) => {
  const text = `${DEPLOY}**${note}**\n\nApply it:\n\n${block('make migration')}Then start:\n\n${block('make start')}`;
  expect(await steps(text)).toEqual([
    ['make deploy', []],
    ['make migration', []],
    ['make start', []],
  ]);
});

test('items with a sentence between are below it, too', async () => {
  const text = `${DEPLOY}**Rollback**\n\nDo this:\n\n1. Tell the team.\n\nThen:\n\n${block('make old')}`;
  expect(await steps(text)).toEqual([['make deploy', ['Tell the team.', 'make old']]]);
  const before = `Do this:\n\n1. Tell the team.\n\n${DEPLOY}**Rollback**\n\n${block('make old')}`;
  expect(await steps(before)).toEqual([
    ['Tell the team.', []],
    ['make deploy', ['make old']],
  ]);
});

test('the only way back, at the end of the last section, takes back all', async () => {
  const part = (name: string) => `## ${name}\n\n${block(`make ${name}`)}`;
  const text = `${part('stop')}${part('migrate')}${part('start')}If something goes wrong, roll back:\n\n${block('make old')}`;
  const { plan } = await compileRunbook({ text: `# Shop\n\n${text}`, file: 'r.md' }, contracts);
  const [back] = plan.steps.flatMap(({ rollback = [] }) => rollback);
  expect(back?.alsoUndoes).toHaveLength(2);
});

test('a bold sentence is about the next block alone', async () => {
  const says = '**To roll back in a hurry there is a script of its own in the folder**';
  const text = `${DEPLOY}${says}\n\n${block('make old')}Announce it:\n\n${block('make news')}`;
  expect(await steps(text)).toEqual([
    ['make deploy', ['make old']],
    ['make news', []],
  ]);
});
