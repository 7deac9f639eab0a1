import { expect, test } from 'vitest';
import { MOST_DEPENDENCIES, MOST_STEPS } from '#ir/plan.js';
import { compilePlan } from './compile.js';
import type { Contracts } from './contracts.js';
import { refuseManyMarks } from './limits.js';
import { compileRunbook } from './runbook/runbook.js';
import { compileSpecKit } from './speckit/speckit.js';

const contracts: Contracts = { tools: new Map(), verifiers: new Map(), knownPrecondition: () => false };
const tooLarge = (words: RegExp) =>
  expect.objectContaining({ code: 'PLAN_TOO_LARGE', message: expect.stringMatching(words) });
const task = (at: number, more = '') => `- [ ] T${String(at).padStart(6, '0')} Do it${more}\n`;
const listOf = (count: number, more = '') => ({
  files: [
    { path: 'specs/tasks.md', text: `# Tasks\n\n${Array.from({ length: count }, (_, at) => task(at, more)).join('')}` },
  ],
});

test('a runbook with more blocks than a plan has steps is refused, and says how many are read', async () => {
  const text = `# R\n\n${'```sh\necho hi\n```\n\n'.repeat(MOST_STEPS + 1)}`;
  await expect(compileRunbook({ text, file: 'ops.md' }, contracts)).rejects.toThrow(
    tooLarge(/more than 20,000 code blocks.* \(ops\.md\)/),
  );
});

test.each([
  ['indented code', '    echo hi\n\ntext\n\n'],
  ['code in quotations', '> ```\n> hi\n> ```\n\n'],
])('so is one whose blocks have no fence at the beginning of a line: %s', async (_, block) => {
  const text = `# R\n\n${block.repeat(MOST_STEPS + 1)}`;
  await expect(compileRunbook({ text, file: 'ops.md' }, contracts)).rejects.toThrow(tooLarge(/20,000 code blocks/));
});

test('what stands inside a block is no mark of its own', () => {
  const inside = '```\n1. a\n- [ ] b\n'.repeat(MOST_STEPS);
  expect(() => refuseManyMarks(`~~~\n${inside}~~~\n`, 'ops.md')).not.toThrow();
  expect(() => refuseManyMarks(inside.replaceAll('```\n', ''), 'ops.md')).toThrow(tooLarge(/20,000/));
});

test('a task list with more tasks or dependencies than a plan may have is refused', () => {
  expect(() => compileSpecKit(listOf(MOST_STEPS + 1), contracts)).toThrow(tooLarge(/20,000 .*\(specs\/tasks\.md\)/));
  const many = ` (depends on T000000-T000199)`;
  expect(() => compileSpecKit(listOf(MOST_DEPENDENCIES / 200 + 2, many), contracts)).toThrow(
    tooLarge(/200,000 dependencies/),
  );
  const arrows = `\n## Dependencies\n\n${'- T000000-T000199 → T000200-T000399\n'.repeat(11)}`;
  const [list = { path: '', text: '' }] = listOf(400).files;
  const files = [{ ...list, text: list.text + arrows }];
  expect(() => compileSpecKit({ files }, contracts)).toThrow(tooLarge(/200,000 dependencies/));
});

test('a plan with more steps or dependencies than it may have is refused before its form is looked at', () => {
  const steps = Array.from({ length: MOST_STEPS + 1 }, () => ({}));
  expect(() => compilePlan({ value: { steps } }, contracts)).toThrow(tooLarge(/20,000 steps/));
  const dependsOn = Array.from({ length: 1000 }, () => 'a');
  const joined = Array.from({ length: MOST_DEPENDENCIES / 1000 + 1 }, () => ({ dependsOn }));
  expect(() => compilePlan({ value: { steps: joined } }, contracts)).toThrow(tooLarge(/200,000 dependencies/));
});
