import { describe, expect, test } from 'vitest';
import { builtIn } from '../../operations/contracts.js';
import { compileRunbook } from './runbook.js';

const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;
const compiled = async (text: string) =>
  compileRunbook({ text: `# Keys\n\n## Revoke\n\n${block('make revoke')}${text}`, file: 'r.md' }, builtIn().contracts);

describe('what must fail counts as done where it does', () => {
  test.each([
    'This command must fail:',
    'Try the old key. It should now be rejected:',
    'The login is expected to fail with 403:',
    'Der Zugriff muss fehlschlagen:',
    'La connexion doit échouer :',
    'El acceso debe fallar:',
    '该命令应该失败：',
  ])('%s', async (says) => {
    const { plan, warnings, explanation } = await compiled(`${says}\n\n${block('./use-key old')}`);
    expect(JSON.stringify(plan.steps.at(-1)?.args['run'])).toContain('! (\\n./use-key old\\n)');
    expect(explanation.steps.at(-1)).toMatchObject({ label: 'verify', rule: 'check-that-may-change' });
    expect(warnings.join('\n')).toContain('the text says that it must fail');
  });

  test('what only looks is a check of the step before, which takes nothing back', async () => {
    const { plan, warnings } = await compiled(`This must fail:\n\n${block('curl -sf http://localhost:9/old')}`);
    expect(plan.steps).toHaveLength(1);
    expect(warnings.join('\n')).not.toContain('states no expectation');
    expect(plan.steps[0]?.verifiers).toMatchObject([{ required: false }]);
  });
});

test.each(['The build should fail fast, so build it first:', 'If it fails, try again:', 'The job must not fail. Run:'])(
  'it runs as it stands: %s',
  async (says) => {
    const { plan } = await compiled(`${says}\n\n${block('./use-key old')}`);
    expect(JSON.stringify(plan.steps)).not.toContain('! (');
  },
);
