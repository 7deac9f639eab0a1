import { expect, test } from 'vitest';
import { loadShellGrammar } from '../../shell/parse.js';
import { readSettings } from '../blocks/settings.js';
import { decideBlocks, decideNamed } from '../decide/decide.js';
import { readMarkdown } from '../markdown/markdown.js';
import { isWithin } from '../markdown/outline.js';
import { checkLock, lockEntry, makeLock } from '../review/review.js';
import { applyReview } from '../review/reviewed.js';
import { askedFor } from './asked-for.js';
import { findSection, withinSection } from './section.js';

const grammar = await loadShellGrammar();
const settings = readSettings({}, 'ops.md');
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;

function read(text: string, file = 'ops.md') {
  const input = { document: readMarkdown(text, file), file, settings, grammar };
  return { input, decisions: decideBlocks(input) };
}

/** Label and rule of what lies in the section. */
function asked(text: string, slug: string, file = 'ops.md') {
  const { input, decisions } = read(text, file);
  const section = findSection(input.document, slug, file);
  const found = askedFor(decisions, decisions, section, () => decideNamed(input, section));
  return withinSection(found, section)
    .filter(({ block: { section: own } }) => isWithin(own, section))
    .map(({ label, rule, ask }) => `${label} ${rule}${ask === undefined ? '' : '!'}`);
}

test.each([
  ['an emergency', '## Emergency stop', 'emergency-stop', 'make stop', ['run case-asked-for']],
  ['what asks', '## Emergency stop', 'emergency-stop', 'rm -rf /srv/queue', ['run case-asked-for!']],
  ['an aside', '## Stop (if needed)', 'stop-if-needed', 'make stop', ['run case-asked-for']],
  ['a heading around it', '## Notfall\n\n### Anhalten', 'anhalten', 'make stop', ['run case-asked-for']],
  ['a case', '## If the HSM is used', 'if-the-hsm-is-used', 'make hsm', ['run case-asked-for']],
  ['a case that asks', '## Falls es voll ist', 'falls-es-voll-ist', 'rm -rf /srv/x', ['run case-asked-for!']],
  ['a problem', '## Troubleshooting\n\n### Cache', 'cache', 'make cache', ['run procedure']],
  ['a symptom', '## Pods are not starting', 'pods-are-not-starting', 'kubectl rollout restart x', ['run procedure']],
])('a section named by its anchor is done: %s', (_what, headings, slug, code, expected) => {
  expect(asked(`# Ops\n\n## Do\n\n${block('make do')}${headings}\n\n${block(code)}`, slug)).toEqual(expected);
});

test('a section of a README is done when it is named', () => {
  const text = `# Tool\n\nA tool.\n\n## Installation\n\n${block('npm ci')}## Upgrade\n\n${block('git pull')}${block('npm ci')}## Uninstall\n\n${block('rm -rf /srv/tool')}`;
  expect(asked(text, 'upgrade', 'README.md')).toEqual(['run procedure', 'run procedure']);
  expect(asked(text, 'uninstall', 'README.md')).toEqual(['run destructive!']);
});

test('of several things to try a person does what is meant', () => {
  const list = `${block('make a')}${block('make b')}`;
  expect(asked(`# Ops\n\n## Do\n\n${block('make do')}## Troubleshooting\n\n${list}`, 'troubleshooting')).toEqual([
    'manual one-to-pick',
    'manual one-to-pick',
  ]);
});

test('other cases below the section stay out', () => {
  const cases = `### If the disk is full\n\n${block('make disk')}### Cache\n\n${block('make cache')}`;
  const text = (heading: string) => `# Ops\n\n## Do\n\n${block('make do')}## ${heading}\n\n${cases}`;
  expect(asked(text('Troubleshooting'), 'troubleshooting')).toEqual([
    'leave_out troubleshooting-section',
    'leave_out troubleshooting-section',
  ]);
  expect(asked(text('If it failed'), 'if-it-failed')).toEqual(['leave_out case-section', 'run procedure']);
  expect(asked(`# Ops\n\n## Deploy\n\n${block('make a')}### If it failed\n\n${block('make b')}`, 'deploy')).toEqual([
    'run procedure',
    'leave_out case-section',
  ]);
});

test('what was reviewed as left out is changed where it runs; what a person skips stays out', () => {
  const { input, decisions } = read(`# Ops\n\n## Do\n\n${block('make')}## If it failed\n\n${block('rm -rf /srv/x')}`);
  const section = findSection(input.document, 'if-it-failed', 'ops.md');
  const after = (answer?: 'skip') => {
    const lock = makeLock(
      decisions.map((one) => lockEntry(one, one.label === 'leave_out' ? answer : undefined)),
      settings,
    );
    const seen = applyReview(checkLock(decisions, lock, settings));
    const found = askedFor(decisions, seen, section, () => decideNamed(input, section));
    const { blocks, complete } = checkLock(found, lock, settings);
    const [, last] = applyReview({ blocks, complete });
    return [last?.label, last?.ask !== undefined, blocks[1]?.state, complete];
  };
  expect(after()).toEqual(['run', true, 'changed', false]);
  expect(after('skip')).toEqual(['leave_out', false, 'unchanged', true]);
});
