import { expect, test } from 'vitest';
import { builtIn } from '../../operations/contracts.js';
import { compileRunbook } from './runbook.js';

const { contracts } = builtIn();
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;

const textOf = (value: unknown) => (typeof value === 'string' ? value : 'asked');

/** Of each compensation: what it runs; of a question, when it is asked. */
async function back(undo: readonly string[]) {
  const text = `# Release\n\n## Steps\n\n${block('./migrate.sh')}## Rollback\n\n${undo.map(block).join('')}`;
  const { plan } = await compileRunbook({ text, file: 'r.md' }, contracts);
  return plan.steps.flatMap(({ rollback = [] }) => rollback.map(({ args }) => textOf(args['run'] ?? args['asks'])));
}

test('what restores waits for a person once a part before it was not taken back', async () => {
  expect(await back(['kill "$(cat app.pid)"', 'cp app.db.bak app.db'])).toEqual([
    'kill "$(cat app.pid)"',
    'after_failure',
    'cp app.db.bak app.db',
  ]);
});

test.each([
  ['what comes first', ['cp app.db.bak app.db']],
  ['what destroys nothing', ['kill "$(cat app.pid)"', 'systemctl restart shop']],
])('%s does not', async (_, undo) => {
  expect(await back(undo)).toEqual(undo);
});
