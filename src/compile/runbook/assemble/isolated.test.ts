import { describe, expect, test } from 'vitest';
import type { Step } from '#ir/plan.js';
import { runbookContracts } from '../../../../test/harness/runbook-contracts.js';
import { compileRunbook } from '../runbook.js';

const machine = { platform: 'linux' as const, has: () => true };
const compile = (sandbox: string, text: string) =>
  compileRunbook(
    { text: `---\nopsroom:\n  run: true\n  sandbox: ${sandbox}\n---\n${text}`, file: 'ops.md', machine },
    runbookContracts,
  );
const block = (code: string, info = 'bash') => `\`\`\`${info}\n${code}\n\`\`\`\n\n`;

const TEXT = `# Ops

## Prerequisites

${block('test -d .git')}## Deploy

${block('make deploy')}${block('npm run dev', 'bash {background=true ready=8080}')}${block('INSERT INTO t VALUES (1)', 'sql {database=DB}')}
Check that it is there:

${block('grep -q 1 there')}${block('GET https://shop.test/health', 'http')}1. Tell the team.

## Rollback

${block('make undo')}Check that it is gone:

${block('! test -e there')}`;

/** Whatever has a script, by its id and how it is isolated. */
function scripts(steps: readonly Pick<Step, 'id' | 'tool' | 'sandbox' | 'verifiers' | 'preconditions'>[]) {
  return steps.map(({ id, tool, sandbox, verifiers, preconditions }) => {
    const checks = [...verifiers, ...preconditions].filter((one) => typeof one !== 'string' && one.kind === 'shell');
    return [id, tool, checks.length, sandbox];
  });
}

describe('a runbook whose front matter says how it is isolated', () => {
  test('has each step so that runs a shell, by itself, by a check or by a precondition, and what takes it back', async () => {
    const { plan } = await compile('{ level: bubblewrap, network: true }', TEXT);
    const sandbox = { level: 'bubblewrap', network: true };
    expect(scripts(plan.steps)).toEqual([
      ['make-deploy', 'shell', 1, sandbox],
      ['npm-run-dev', 'shell', 0, sandbox],
      ['deploy', 'sql', 1, sandbox],
      ['deploy-2', 'http', 0, undefined],
      ['tell-the-team', undefined, 0, undefined],
    ]);
    expect(scripts(plan.steps.flatMap(({ rollback }) => rollback ?? []))).toEqual([
      ['undo-make-undo', 'shell', 1, sandbox],
    ]);
  });

  test('is warned of a server that nothing reaches', async () => {
    const told = async (sandbox: string, ready: string) =>
      (await compile(sandbox, block('serve it', `bash {background=true ready=${ready}}`))).warnings.filter((warning) =>
        warning.includes('network: true'),
      );
    const warning = [expect.stringMatching(/listens on: the step at line 6 of ops\.md\./)];
    for (const ready of ['8080', 'http://localhost:8080/', 'http://127.0.0.1/'])
      expect(await told('{ level: bubblewrap }', ready)).toEqual(warning);
    for (const ready of ['listening', 'http://localhost.internal/'])
      expect(await told('{ level: bubblewrap }', ready)).toEqual([]);
    expect(await told('{ level: bubblewrap, network: true }', '8080')).toEqual([]);
  });

  test('keeps the network away unless it says otherwise', async () => {
    const { plan } = await compile('{ level: bubblewrap }', TEXT);
    expect(plan.steps[0]?.sandbox).toEqual({ level: 'bubblewrap', network: false });
  });

  test.each([
    ['docker', 'sandbox must be an object, not text'],
    ['{ level: docker }', 'sandbox.level must be one of "none", "uid", "bubblewrap"'],
    ['{ network: true }', 'sandbox.level must be one of "none", "uid", "bubblewrap"'],
    ['{ level: uid }', 'only the level bubblewrap can keep blocks off the network'],
  ])('is refused at its line where it says %s', async (sandbox, what) => {
    await expect(compile(sandbox, TEXT)).rejects.toMatchObject({
      code: 'RUNBOOK_SETTINGS',
      message: expect.stringContaining(what),
      where: 'ops.md:4',
      mend: expect.stringContaining('`sandbox: { level: bubblewrap, network: true }`'),
    });
  });

  test('is told what was meant by a word that is none', async () => {
    await expect(compile('{ level: bubblewrap, networks: true }', TEXT)).rejects.toMatchObject({
      mend: 'Did you mean "network"?',
    });
  });

  const SETTINGS = 'opsroom: { sandbox: { level: bubblewrap } }';

  test.each(['título: x', 'überschrift: x', 'ключ: x', '名前: x'])(
    'is heard below a first line "%s"',
    async (first) => {
      const { plan } = await compileRunbook(
        { text: `---\n${first}\n${SETTINGS}\n---\n${TEXT}`, file: 'ops.md', machine },
        runbookContracts,
      );
      expect(plan.steps[0]?.sandbox).toEqual({ level: 'bubblewrap', network: false });
    },
  );

  test.each([
    ['below a comment', `<!-- ops -->\n---\n${SETTINGS}\n---\n`, 3],
    ['below an empty line', `\n---\n${SETTINGS}\n---\n`, 3],
    ['below a fence with a note', `--- # ours\n${SETTINGS}\n---\n`, 2],
    ['indented', `---\n  title: x\n  opsroom:\n    sandbox: { level: bubblewrap }\n---\n`, 3],
    ['in front matter that does not end', `---\n${SETTINGS}\n`, 2],
    ['with a capital', `---\nOpsroom: { sandbox: { level: bubblewrap } }\n---\n`, 2],
  ])('is refused where nobody would read it: %s', async (_, top, line) => {
    const compiled = compileRunbook({ text: `${top}${TEXT}`, file: 'ops.md', machine }, runbookContracts);
    await expect(compiled).rejects.toMatchObject({ code: 'RUNBOOK_SETTINGS', where: `ops.md:${line}` });
  });

  test('is text below a rule of stars, as the room writes above what a stranger set', async () => {
    const text = `***\n${SETTINGS}\n---\n${TEXT}`;
    const { plan } = await compileRunbook({ text, file: 'ops.md', machine }, runbookContracts);
    expect(plan.steps[0]?.sandbox).toBeUndefined();
  });

  test('is no matter of prose that names the product', async () => {
    const text = `Opsroom: an ops room.\n\n${TEXT}`;
    const { plan } = await compileRunbook({ text, file: 'ops.md', machine }, runbookContracts);
    expect(plan.steps[0]?.sandbox).toBeUndefined();
  });
});
