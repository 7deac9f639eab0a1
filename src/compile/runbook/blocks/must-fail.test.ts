import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { builtIn } from '../../../operations/contracts.js';
import { loadShellGrammar, shellFacts } from '../../shell/parse.js';
import type { CodeBlock } from '../markdown/document.js';
import { compileRunbook } from '../runbook.js';
import { turnedRound } from './must-fail.js';

const grammar = await loadShellGrammar();
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
    expect(JSON.stringify(plan.steps.at(-1)?.args['run'])).toContain('if\\n./use-key old\\nthen false;');
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
    expect(JSON.stringify(plan.steps)).not.toContain('then false');
  },
);

test.each([
  'If it should fail, do this by hand. If it should fail:',
  'None of the checks should fail:',
  'The job must no longer fail:',
  'Keiner der Tests sollte fehlschlagen:',
])('it is not turned round: %s', async (says) => {
  const { plan } = await compiled(`${says}\n\n${block('./use-key old')}`);
  expect(JSON.stringify(plan.steps)).not.toContain('then false');
});

test('of several commands, which one is to fail is for people to see', async () => {
  const { explanation } = await compiled(`This must fail:\n\n${block('cd keys\n./use-key old')}`);
  expect(explanation.steps.at(-1)).toMatchObject({ label: 'manual', rule: 'by-hand' });
});

test.each([
  [
    'Writes to the old database must be rejected:',
    'psql -h old -c "ALTER DATABASE shop SET default_transaction_read_only = on"',
  ],
  ['The old API must now return an error:', 'systemctl stop old-api'],
  ['New connections must be refused:', 'iptables -A INPUT -p tcp --dport 5432 -j REJECT'],
])('what makes another thing fail is done by a person: %s', async (says, code) => {
  const { explanation } = await compiled(`${says}\n\n${block(code)}`);
  expect(explanation.steps.at(-1)).toMatchObject({ label: 'manual' });
});

test('what says itself that it must fail is not turned round', async () => {
  const { plan, explanation } = await compiled(`This must fail:\n\n${block('! nc -z localhost 9')}`);
  expect(JSON.stringify(plan.steps)).not.toContain('then false');
  expect(explanation.steps.at(-1)?.label).not.toBe('manual');
});

describe('in a real shell', () => {
  const endOf = (command: string) => {
    const told = { intro: 'This must fail:', item: undefined, text: command } as CodeBlock;
    const script = turnedRound(told, command, (text) => shellFacts(text, grammar))?.script ?? '';
    return spawnSync('bash', ['-e', '-o', 'pipefail', '-c', script]).status;
  };
  test.each([
    ['what fails counts as done', 'false', 0],
    ['what ends with 3 counts as done', 'bash -c "exit 3" # refused', 0],
    ['what works fails', 'true', 1],
    ['a program that is not there was not refused', './no-such-program-here', 1],
    ['what was killed was not refused', 'timeout -s KILL 0.1 sleep 5', 1],
  ])('%s', (_, command, status) => {
    expect(endOf(command)).toBe(status);
  });
});
