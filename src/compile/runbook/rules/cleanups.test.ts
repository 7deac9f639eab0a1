import { expect, test } from 'vitest';
import { builtIn } from '../../../operations/contracts.js';
import { lockEntry, makeLock } from '../review/review.js';
import { compileRunbook, readRunbook } from '../runbook.js';

const { contracts } = builtIn();
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;
const BACKUP = `# Upgrade the shop\n\n## Procedure\n\n${block('cp app.db app.db.bak')}${block('./migrate.sh')}`;
const ROLLBACK = `## Rollback\n\n${block('cp app.db.bak app.db')}`;
const CLEANUP = block('rm app.db.bak');

/** What is done in order, and what takes it back, of a reviewed document. */
async function reviewed(text: string) {
  const source = { text, file: 'r.md' };
  const { decisions, settings } = await readRunbook(source);
  const entries = decisions.map((decision) => lockEntry(decision));
  const { plan } = await compileRunbook({ ...source, lock: makeLock(entries, settings) }, contracts);
  const said = ({ args }: { args: Record<string, unknown> }) => String(args['run'] ?? args['instructions']);
  return { steps: plan.steps.map(said), back: plan.steps.flatMap(({ rollback = [] }) => rollback.map(said)) };
}

test.each(['Cleanup', 'Clean up', 'Aufräumen', 'Nacharbeiten', 'Limpieza', 'Nettoyage', 'Pulizia', 'Limpeza', '清理'])(
  '"%s" beside a rollback is what comes last, and a person does it',
  async (heading) => {
    const { steps, back } = await reviewed(`${BACKUP}${ROLLBACK}## ${heading}\n\n${CLEANUP}`);
    expect(back.join('\n')).not.toContain('rm app.db.bak');
    expect(steps).toHaveLength(3);
    expect(steps.at(-1)).toMatch(/a rollback still needs, so a person does it .*\n\n +rm app\.db\.bak/);
  },
);

test('what its author marked is done as it says', async () => {
  const marked = '```bash {run}\nrm app.db.bak\n```\n';
  const { steps, back } = await reviewed(`${BACKUP}${ROLLBACK}## Cleanup\n\n${marked}`);
  expect(steps.at(-1)).toBe('rm app.db.bak');
  expect(back.join('\n')).not.toContain('rm app.db.bak');
});

test('its items are done by a person, at the end', async () => {
  const { steps, back } = await reviewed(`${BACKUP}${ROLLBACK}## Nacharbeiten\n\n1. Das Ticket schließen\n`);
  expect(back).toHaveLength(1);
  expect(steps.at(-1)).toContain('Das Ticket schließen');
});

test.each([
  ['no rollback beside it', `${BACKUP}## Cleanup\n\n${CLEANUP}`],
  ['after a failure', `${BACKUP}${ROLLBACK}## Cleanup after a failed upgrade\n\n${CLEANUP}`],
  ['a part of the rollback', `${BACKUP}${ROLLBACK}### Cleanup\n\n${CLEANUP}`],
  [
    'a rollback of something else',
    `# Shop\n\n## Upgrade\n\n${block('./migrate.sh')}### Cleanup\n\n${CLEANUP}## Switch\n\n${block('./switch.sh')}### Rollback\n\n${block('./switch.sh --back')}`,
  ],
])('as before, it takes back: %s', async (_, text) => {
  const { back } = await reviewed(text);
  expect(back.join('\n')).toContain('rm app.db.bak');
});

test.each([
  ['a file', 'mv catalog catalog.old\n./import.sh', 'rm -rf catalog.old'],
  ['a table', './rename.sh', 'psql -c "drop table users_old"'],
])('alone it takes back, but asks in each run before it removes what was set aside: %s', async (_, does, cleans) => {
  const { back } = await reviewed(`# Shop\n\n## Import\n\n${block(does)}## Cleanup\n\n${block(cleans)}`);
  expect(back[0]).toContain('was set aside before, and may be all that is left');
  expect(back[1]).toBe(cleans);
});

test('what has failed before is no failure of this procedure', async () => {
  const text = `${BACKUP}## Rollback\n\n${block('./undo.sh')}## Clean up failed uploads\n\n${block('rm -rf up')}`;
  expect((await reviewed(text)).back.join('\n')).not.toContain('rm -rf up');
});
