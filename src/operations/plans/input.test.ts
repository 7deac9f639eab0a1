import { expect, test } from 'vitest';
import { jsonObject, planInput } from './input.js';

test('the values of a plan and of its inputs are taken as they are, however many: only the compiler walks them', () => {
  const refuse = (): never => {
    throw new Error('walked');
  };
  const deep = new Proxy({}, { get: refuse, ownKeys: refuse });
  expect(planInput.safeParse({ value: { steps: [deep] } }).success).toBe(true);
  expect(jsonObject.safeParse({ list: [deep] }).success).toBe(true);
  expect(planInput.safeParse({ value: undefined }).success).toBe(false);
});

const FENCED = '# Greet\n\n```bash\necho hello\n```\n';

test.each([
  ['a heading and a block', FENCED, 'runbook.md'],
  ['front matter and a block', `---\nopsroom: { run: true }\n---\n${FENCED}`, 'runbook.md'],
  ['a block that shows a manifest', `${FENCED}\n\`\`\`yaml\napiVersion: v1\n\`\`\`\n`, 'runbook.md'],
  ['a block below a list item', '1. Greet\n\n   ```bash\n   echo hello\n   ```\n', 'runbook.md'],
  ['a comment above a plan', '# Greet\ntitle: x\nsteps: []\n', 'plan.yaml'],
  ['a plan that holds a fence', `title: x\nsteps: []\ndescription: "\n\`\`\`\n"\n`, 'plan.yaml'],
  ['words alone', '# Greet\n\nSay hello.\n', 'plan.yaml'],
])('a text without a name is a runbook where it is plainly Markdown: %s', (_what, text, file) => {
  expect(planInput.parse({ text })).toEqual({ text, file });
  expect(planInput.parse({ text, file: 'x.yaml' })).toEqual({ text, file: 'x.yaml' });
});
