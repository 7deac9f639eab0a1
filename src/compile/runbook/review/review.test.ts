import { expect, test } from 'vitest';
import { loadShellGrammar } from '../../shell/parse.js';
import { readSettings } from '../blocks/settings.js';
import { decideBlocks } from '../decide/decide.js';
import { readMarkdown } from '../markdown/markdown.js';
import { readRunbook } from '../runbook.js';
import { checkLock, lockEntry, lockText, makeLock, readLock } from './review.js';
import { applyReview } from './reviewed.js';

const grammar = await loadShellGrammar();

function read(text: string) {
  const document = readMarkdown(text, 'r.md');
  const settings = readSettings(document.frontMatter, 'r.md');
  return { settings, decisions: decideBlocks({ document, file: 'r.md', settings, grammar }) };
}

const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;
const TEXT = `# R\n\n${block('make a')}${block('rm -rf /srv/x')}${block('make c')}`;
const { decisions, settings } = read(TEXT);
const accepted = makeLock(
  decisions.map((decision) => lockEntry(decision)),
  settings,
);
const states = (text: string, lock = accepted) => {
  const now = read(text);
  const { blocks, complete } = checkLock(now.decisions, lock, now.settings);
  return [blocks.map(({ state }) => state), complete];
};

test('a lock outlives its file', () => {
  expect(readLock(lockText(accepted), 'r.md.lock')).toEqual(accepted);
  expect(accepted.blocks.map(({ lines }) => lines)).toEqual(['3-5', '7-9', '11-13']);
});

test.each([
  ['nothing has changed', TEXT, ['unchanged', 'unchanged', 'unchanged'], true],
  ['lines have moved', `# R\n\nMore text.\n\n${TEXT.slice(5)}`, ['unchanged', 'unchanged', 'unchanged'], true],
  ['a block has changed', TEXT.replace('make c', 'make d'), ['unchanged', 'unchanged', 'changed'], false],
  ['a block is new', `${TEXT}${block('make d')}`, ['unchanged', 'unchanged', 'unchanged', 'new'], false],
  ['a block is gone', TEXT.replace(block('make c'), ''), ['unchanged', 'unchanged'], false],
  [
    'blocks have changed places',
    `# R\n\n${block('rm -rf /srv/x')}${block('make a')}${block('make c')}`,
    ['unchanged', 'unchanged', 'unchanged'],
    false,
  ],
  [
    'a block means something else',
    TEXT.replace('# R\n', '# R\n\n## Rollback\n'),
    ['changed', 'changed', 'changed'],
    false,
  ],
  [
    'the front matter has changed',
    `---\nopsroom: { cwd: x }\n---\n${TEXT}`,
    ['unchanged', 'unchanged', 'unchanged'],
    false,
  ],
])('%s', (_what, text, expected, complete) => {
  expect(states(text)).toEqual([expected, complete]);
});

const asking = (text: string, lock = accepted) => {
  const now = read(text);
  return applyReview(checkLock(now.decisions, lock, now.settings)).map(({ label, rule, ask }) => [
    label,
    rule,
    ask !== undefined,
  ]);
};

test('what was reviewed does not ask, what is skipped is left out', () => {
  const [a, b, c] = decisions.map((decision) => lockEntry(decision));
  if (!a || !b || !c) throw new Error('three blocks');
  expect(asking(TEXT, makeLock([a, b, { ...c, decision: 'skip' }], settings))).toEqual([
    ['run', 'procedure', false],
    ['run', 'destructive', false],
    ['leave_out', 'review-skip', false],
  ]);
});

const VARIABLE = `# R\n\n${block('DIR=/srv/scratch')}${block('rm -rf "$DIR"')}`;

test.each([
  ['a block is new', TEXT, `${TEXT}${block('make d')}`],
  ['a variable stands for something else', VARIABLE, VARIABLE.replace('scratch', 'live')],
  ['the folder is another', TEXT, `---\nopsroom: { cwd: live }\n---\n${TEXT}`],
  ['blocks have changed places', TEXT, `# R\n\n${block('rm -rf /srv/x')}${block('make a')}${block('make c')}`],
])('what is destructive asks again where %s', (_what, before, after) => {
  const then = read(before);
  const lock = makeLock(
    then.decisions.map((decision) => lockEntry(decision)),
    then.settings,
  );
  const asks = (text: string) => asking(text, lock).filter(([, rule]) => rule === 'destructive');
  expect(asks(before)).toEqual([['run', 'destructive', false]]);
  expect(asks(after)).toEqual([['run', 'destructive', true]]);
});

test.each([
  ['its heading names another folder', '## Steps {cwd=/srv/tmp}', '## Steps {cwd=/}'],
  ['its own mark does', '```bash {cwd=/srv/tmp}', '```bash {cwd=/}'],
])('a block has changed when %s', (_what, from, to) => {
  const before = `# R\n\n## Steps {cwd=/srv/tmp}\n\n\`\`\`bash {cwd=/srv/tmp}\nrm -rf ./*\n\`\`\`\n`;
  const then = read(before);
  const lock = makeLock(
    then.decisions.map((decision) => lockEntry(decision)),
    then.settings,
  );
  expect(states(before, lock)).toEqual([['unchanged'], true]);
  expect(states(before.replace(from, to), lock)).toEqual([['changed'], false]);
});

const ROOT = `# R\n\n\`\`\`bash\n# rm -rf /srv/x\nmake b\n\`\`\`\n`;
const AGAIN = `# R\n\n## One\n\n${block('cd app\nmake')}${block('cd app\nrm -rf data')}`;

test.each([
  ['its language turns a comment into what root types', ROOT, ROOT.replace('bash', 'console')],
  ['a comment was what root types', ROOT.replace('bash', 'console'), ROOT],
  ['a heading has it begin in another folder', AGAIN, AGAIN.replace(/(?<=make\n```\n)/, '\n## Two\n')],
])('a block has changed when %s', async (_what, before, after) => {
  const { decisions, settings } = await readRunbook({ text: before, file: 'r.md' });
  const lock = makeLock(
    decisions.map((decision) => lockEntry(decision)),
    settings,
  );
  const again = async (text: string) => (await readRunbook({ text, file: 'r.md', lock })).review;
  expect(await again(before)).toMatchObject({ complete: true });
  const review = await again(after);
  expect(review?.blocks.at(-1)?.state).toBe('changed');
  expect(review?.complete).toBe(false);
});

test('what a review had run although the rules leave it out asks again where its language makes another command of it', async () => {
  const before = `# R\n\n## Reference\n\n\`\`\`bash\n# rm -rf /srv/x\nmake b\n\`\`\`\n\n## Steps\n\n${block('make a')}`;
  const { decisions, settings } = await readRunbook({ text: before, file: 'r.md' });
  expect(decisions[0]?.label).toBe('leave_out');
  const lock = makeLock(
    decisions.map((decision) => lockEntry(decision, 'run')),
    settings,
  );
  const again = async (text: string) => (await readRunbook({ text, file: 'r.md', lock })).review;
  expect(await again(before)).toMatchObject({ complete: true });
  expect(await again(before.replace('bash', 'console'))).toMatchObject({ complete: false });
});

test('what a review had run asks when the file has changed since', () => {
  const text = `# R\n\n\`\`\`bash {manual}\nrm -rf /srv/data\n\`\`\`\n\n${block('make a')}`;
  const then = read(text);
  const lock = makeLock(
    then.decisions.map((decision) => lockEntry(decision, 'run')),
    then.settings,
  );
  expect(asking(text, lock)[0]).toEqual(['run', 'review-run', false]);
  expect(asking(text.replace('make a', 'make b'), lock)[0]).toEqual(['run', 'review-run', true]);
});

test.each(['', 'a: [', '{"apiVersion":"opsroom/v1"}'])('%j is no lock', (text) => {
  expect(() => readLock(text, 'r.md.lock')).toThrow(
    expect.objectContaining({ where: expect.stringContaining('r.md.lock') }),
  );
});

const alternatively = `# Deploy\n\n${block('./deploy.sh --keep')}Alternatively, start afresh:\n\n${block('rm -rf /srv/shop')}`;
const options = `# Deploy\n\n### Option 1: soft\n\n${block('make a')}### Option 2: hard\n\n${block('rm -rf /srv/x')}`;

test.each([
  ['ways are none any more', alternatively, alternatively.replace('Alternatively, start', 'Now start')],
  ['headings name no ways any more', options, options.replaceAll(/Option \d: /g, '')],
  [
    'what was left out as another way is none',
    `# R\n\n${block('vim x')}Alternatively:\n\n${block('rm -rf /srv/x')}`,
    `# R\n\n${block('vim x')}Then:\n\n${block('rm -rf /srv/x')}`,
  ],
])('a review is not complete when %s', async (_what, before, after) => {
  const then = await readRunbook({ text: before, file: 'r.md' });
  const lock = makeLock(
    then.decisions.map((decision) => lockEntry(decision)),
    then.settings,
  );
  const again = async (text: string) => (await readRunbook({ text, file: 'r.md', lock })).review?.complete;
  expect(await again(before)).toBe(true);
  expect(await again(after)).toBe(false);
});

test.each([
  [
    'what a rollback takes back',
    `# R\n\n## Schema\n\n${block('./a.sh')}## App\n\n${block('./b.sh')}### Rollback\n\n${block('./back.sh')}`,
    '### Rollback',
    '## Rollback',
  ],
  [
    'whether a check is that of a rollback',
    `# R\n\n## App\n\n${block('./b.sh')}## Rollback\n\n${block('./back.sh')}## Verify\n\n${block('curl -f http://x')}`,
    '## Verify',
    '### Verify',
  ],
])('a review is about %s', (_, text, from, to) => {
  const { decisions, settings } = read(text);
  const lock = makeLock(
    decisions.map((decision) => lockEntry(decision)),
    settings,
  );
  expect(states(text, lock)[1]).toBe(true);
  const [changed, complete] = states(text.replace(from, to), lock);
  expect([changed, complete]).toEqual([['unchanged', 'unchanged', 'changed'], false]);
});

test('what was reviewed as isolated asks again where the front matter no longer isolates it', () => {
  const written = (sandbox: string) => `---\nopsroom: { sandbox: ${sandbox} }\n---\n${TEXT}`;
  const isolated = written('{ level: bubblewrap }');
  const then = read(isolated);
  const lock = makeLock(
    then.decisions.map((decision) => lockEntry(decision)),
    then.settings,
  );
  const asked = (text: string) => asking(text, lock).filter(([, , ask]) => ask);
  expect([states(isolated, lock)[1], asked(isolated)]).toEqual([true, []]);
  for (const weaker of [
    TEXT,
    written('{ level: none, network: true }'),
    written('{ level: bubblewrap, network: true }'),
  ])
    expect([states(weaker, lock)[1], asked(weaker)]).toEqual([false, [['run', 'destructive', true]]]);
});
