import { expect, test } from 'vitest';
import { loadShellGrammar } from '../../shell/parse.js';
import { readSettings } from '../blocks/settings.js';
import { decideBlocks } from '../decide/decide.js';
import { readMarkdown } from '../markdown/markdown.js';
import { findSection, withinSection } from './section.js';

const grammar = await loadShellGrammar();
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;
const TEXT = `# Deploy

## Before you begin

- [ ] Announce it

${block('git --version')}## Deploy

${block('make release')}## After it

- [ ] Say so

## Rollback

${block('make undo')}`;

function labels(slug: string) {
  const document = readMarkdown(TEXT, 'deploy.md');
  const settings = readSettings(document.frontMatter, 'deploy.md');
  const decisions = decideBlocks({ document, file: 'deploy.md', settings, grammar });
  return withinSection(decisions, findSection(document, slug, 'deploy.md')).map(({ label }) => label);
}

test('a section that does something brings what people do before it, and what must be there', () => {
  expect(labels('deploy-1')).toEqual(['manual', 'precondition', 'run', 'leave_out', 'rollback']);
});

test('a section that only takes back asks people for nothing', () => {
  expect(labels('rollback')).toEqual(['leave_out', 'precondition', 'leave_out', 'leave_out', 'run']);
});
