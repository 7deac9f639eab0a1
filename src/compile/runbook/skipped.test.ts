import { expect, test } from 'vitest';
import { builtIn } from '../../operations/contracts.js';
import { lockEntry, makeLock } from './review/review.js';
import { compileRunbook, readRunbook } from './runbook.js';

const { contracts } = builtIn();
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;
const TEXT = `# Clean the cache

## Steps

${block('rm -rf /srv/cache')}Optionally, restart the agent:

${block('systemctl restart agent')}## Rollback

${block('cp -r /srv/cache.bak /srv/cache')}`;

/** Which rules stand behind what is left out, and the steps with a rollback, when the review skips some block. */
async function skipping(text: string) {
  const input = { text: TEXT, file: 'clean.md' };
  const { decisions, settings } = await readRunbook(input);
  const entries = decisions.map((one) => lockEntry(one, one.script.includes(text) ? 'skip' : one.label));
  const { explanation, plan } = await compileRunbook({ ...input, lock: makeLock(entries, settings) }, contracts);
  const undone = plan.steps.filter(({ rollback }) => (rollback ?? []).length > 0).map(({ title }) => title);
  return { leftOut: explanation.leftOut.map(({ rule }) => rule), undone };
}

test('the rollback of what the review skips does not move to a step for some cases', async () => {
  expect(await skipping('rm -rf')).toEqual({ leftOut: ['review-skip', 'nothing-to-attach-to'], undone: [] });
});

test('it stays where what it takes back is done', async () => {
  expect(await skipping('systemctl')).toMatchObject({ leftOut: ['review-skip'], undone: [expect.anything()] });
});
