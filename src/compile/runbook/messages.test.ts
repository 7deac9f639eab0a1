import { expect, test } from 'vitest';
import { builtIn } from '../../operations/contracts.js';
import { compileRunbook } from './runbook.js';

const { contracts } = builtIn();

async function compiled(intro: string, info = '') {
  const text = `# Release\n\n## Publish\n\n\`\`\`bash\nmake publish\n\`\`\`\n\n${intro}\n\n\`\`\`${info}\nThe docs are live now :tada:\n\`\`\`\n`;
  return compileRunbook({ text, file: 'r.md' }, contracts);
}

test('a message that people are to post becomes no step, and a warning says so', async () => {
  const { warnings, plan } = await compiled('Post in #docs:');
  expect(warnings.join()).toContain('r.md:11–13: the text says "Post in #docs:", and nobody is asked to');
  expect(plan.steps).toHaveLength(1);
});

test('marked, it is a step that somebody does, and no warning', async () => {
  const { warnings, plan } = await compiled('Post in #docs:', 'text {manual}');
  expect(warnings.join()).not.toContain('nobody is asked');
  expect(plan.steps).toHaveLength(2);
});

test('what is no message is no warning', async () => {
  const { warnings } = await compiled('The page now says:');
  expect(warnings.join()).not.toContain('nobody is asked');
});
