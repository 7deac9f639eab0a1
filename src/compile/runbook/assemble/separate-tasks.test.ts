import { expect, test } from 'vitest';
import { readRunbook } from '../runbook.js';

const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;
const documentOf = (title: string, headings: readonly string[], own = '') =>
  `# ${title}\n\n${headings.map((heading, i) => `## ${heading}\n\n${block(`make task-${i}`)}${own}`).join('')}`;
const tasksOf = async (text: string) => (await readRunbook({ text, file: 'ops.md' })).tasks;
const check = `### Verify\n\n${block('curl -f http://localhost/health')}`;

const TASKS = ['Restart the API', 'Rotate the password', 'Free disk space'];

test('a handbook of unrelated tasks names them', async () => {
  expect(await tasksOf(documentOf('Operations handbook', TASKS))).toEqual([
    'restart-the-api',
    'rotate-the-password',
    'free-disk-space',
  ]);
  expect(await tasksOf(documentOf('Shop', TASKS, check))).toHaveLength(3);
  expect(
    await tasksOf(documentOf('Shop', ['How to add a user', 'How to rotate keys', 'How to free space'])),
  ).toHaveLength(3);
});

test('what its front matter lets run whole is none', async () => {
  expect(await tasksOf(`---\nopsroom: { run: true }\n---\n${documentOf('Operations handbook', TASKS)}`)).toEqual([]);
});

test.each([
  ['numbered', 'Release handbook', ['1. Build the image', '2. Push the tag', '3. Announce the release'], ''],
  ['deeds that lead on', 'Release', ['Build the image', 'Migrate the schema', 'Deploy the service'], check],
  ['one thing in all of them', 'Operations handbook', ['Stop the API', 'Upgrade the API', 'Start the API'], ''],
  ['checked as a whole', 'Operations handbook', [...TASKS, 'Verify'], ''],
  ['what must be there first', 'Operations handbook', ['Prerequisites', ...TASKS], ''],
  [
    'an order that is told',
    'Operations handbook',
    ['First drain the queue', 'Rotate the password', 'Free disk space'],
    '',
  ],
  ['two of them', 'Operations handbook', TASKS.slice(0, 2), ''],
  ['nothing that says so', 'Quarterly change', TASKS, ''],
])('a procedure is none: %s', async (_, title, headings, own) => {
  expect(await tasksOf(documentOf(title, headings, own))).toEqual([]);
});
