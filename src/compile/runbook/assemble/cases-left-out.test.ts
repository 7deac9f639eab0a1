import { expect, test } from 'vitest';
import { builtIn } from '../../../operations/contracts.js';
import { compileRunbook } from '../runbook.js';

const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;
const DEPLOY = `# Shop\n\n## Deploy\n\n${block('make deploy')}`;
const warningsOf = async (text: string, file = 'ops.md', section?: string) =>
  (await compileRunbook({ text, file, section }, builtIn().contracts)).warnings.filter((one) =>
    one.startsWith('Left out'),
  );

test('sections for cases are named, with how they are run', async () => {
  const disk = `## If the disk is full\n\n### Look\n\n${block('make room')}### Grow it\n\n${block('make grow')}`;
  const pods = `## Pods are not starting\n\n${block('make pods')}`;
  const warnings = await warningsOf(`${DEPLOY}${disk}${pods}`);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(
    /"If the disk is full" \(#if-the-disk-is-full\), "Pods are not starting" \(#pods-are-not-starting\)\. /,
  );
  expect(warnings[0]).toMatch(/ops\.md#SECTION$/);
});

test('of many the first are named, and how many more there are', async () => {
  const many = Array.from({ length: 11 }, (_, i) => `## If part ${i} fails\n\n${block(`make p${i}`)}`);
  expect((await warningsOf(`${DEPLOY}${many.join('')}`))[0]).toContain(
    '"If part 7 fails" (#if-part-7-fails) and 3 more.',
  );
});

test.each([
  ['nothing is left out for a case', DEPLOY],
  ['what holds no command', `${DEPLOY}## If the disk is full\n\nCall somebody.\n`],
  ['what explains', `${DEPLOY}## Architecture\n\n${block('make graph')}`],
])('nothing is said: %s', async (_, text) => {
  expect(await warningsOf(text)).toEqual([]);
});

test('nor in a README, where each is a hint, or where one was asked for', async () => {
  const text = `${DEPLOY}## If the disk is full\n\n${block('make room')}`;
  expect(
    await warningsOf(
      `# Tool\n\n## Installation\n\n${block('npm ci')}## If it fails\n\n${block('make x')}`,
      'README.md',
    ),
  ).toEqual([]);
  expect(await warningsOf(text, 'ops.md', 'if-the-disk-is-full')).toEqual([]);
});
