import { expect, test } from 'vitest';
import { readSettings } from '#compile/runbook/blocks/settings.js';
import { decideBlocks } from '#compile/runbook/decide/decide.js';
import { readMarkdown } from '#compile/runbook/markdown/markdown.js';
import { checkLock, lockEntry, lockText, makeLock } from '#compile/runbook/review/review.js';
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
    mend: 'Review it with `opsroom review a.md`, say `opsroom: { run: true }` in its front matter, or run one section: `opsroom run a.md#then`; over HTTP and MCP name it in `section`.',
  });
});

test.each([
  ['', 'Review it with `opsroom review a.md`, or say `opsroom: { run: true }` in its front matter.'],
  ['---\nopsroom: { run: section }\n---\n', 'Review it with `opsroom review a.md`.'],
])(
  'a file without a section to name is told how the whole of it may run, unless its front matter %j says otherwise',
  async (head, mend) => {
    const given = { text: `${head}${block('make a')}`, file: 'a.md' };
    expect(unseenProblem(await compileGiven(given, builtIn().contracts), given)).toMatchObject({
      code: 'RUNBOOK_UNREVIEWED',
      mend,
    });
  },
);

test('a handbook of separate tasks is not run whole because it was reviewed', async () => {
  const text = `# Operations handbook\n\n${['Restart the API', 'Rotate the password', 'Free disk space'].map((heading) => `## ${heading}\n\n${block('make a')}\n`).join('')}`;
  const lock = lockText(
    makeLock(
      decided(text).map((one) => lockEntry(one)),
      settings,
    ),
  );
  const refused = async (section?: string) => {
    const given = { text, file: 'a.md', section, lock };
    return unseenProblem(await compileGiven(given, builtIn().contracts), given);
  };
  expect(await refused()).toMatchObject({ code: 'RUNBOOK_UNREVIEWED', mend: expect.stringContaining('run: true') });
  expect(await refused('free-disk-space')).toBeUndefined();
});
