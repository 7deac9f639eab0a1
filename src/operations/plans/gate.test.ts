import { expect, test } from 'vitest';
import { decideBlocks } from '#compile/runbook/decide.js';
import { readMarkdown } from '#compile/runbook/markdown.js';
import { checkLock, lockEntry, makeLock } from '#compile/runbook/review.js';
import { readSettings } from '#compile/runbook/settings.js';
import { loadShellGrammar } from '#compile/shell/parse.js';
import { builtIn } from '../contracts.js';
import { changesText, unseenProblem } from './gate.js';
import { compileGiven } from './input.js';

const grammar = await loadShellGrammar();
const settings = readSettings(undefined, 'a.md');
const decided = (text: string) =>
  decideBlocks({ document: readMarkdown(text, 'a.md'), file: 'a.md', settings, grammar });
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n`;

test('a runbook that has changed says which block, where, and what was decided', () => {
  const lock = makeLock(
    decided(`# R\n\n${block('make a')}\n${block('make b')}`).map((one) => lockEntry(one)),
    settings,
  );
  const told = (text: string) => changesText(checkLock(decided(text), lock, settings), 'a.md');
  expect(told(`# R\n\n${block('make a')}\n${block('make other')}`)).toBe('a.md:7 is changed (run)');
  expect(told(`# R\n\n${block('make a')}\n## Rollback\n\n${block('make b')}`)).toBe(
    'a.md:9 is changed (rollback, was run)',
  );
  expect(told(`# R\n\n${block('make a')}`)).toContain('gone');
});

test('a section may run unseen, but not one that is all of the file', async () => {
  const given = (section: string) => ({
    text: `# R\n\n${block('make a')}\n## Then\n\n${block('make b')}`,
    file: 'a.md',
    section,
  });
  const refused = async (section: string) =>
    unseenProblem(await compileGiven(given(section), builtIn().contracts), given(section));
  expect(await refused('then')).toBeUndefined();
  expect(await refused('r')).toMatchObject({
    code: 'RUNBOOK_UNREVIEWED',
    mend: 'Review it with `opsroom review a.md`, or run one section: `opsroom run a.md#then`.',
  });
});
