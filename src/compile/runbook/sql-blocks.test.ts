import { expect, test } from 'vitest';
import { runbookContracts } from '../../../test/harness/runbook-contracts.js';
import { compileRunbook } from './runbook.js';

const HEAD = '---\nopsroom: { database: SHOP }\n---\n# Migrate\n\n';
const block = (code: string, info = 'sql') => `\`\`\`${info}\n${code}\n\`\`\`\n\n`;
const compile = (text: string) => compileRunbook({ text: HEAD + text, file: 'migrate.md' }, runbookContracts);

test('SQL under a rollback takes back, and asks before it drops; it is never a step', async () => {
  const { plan, explanation } = await compile(
    `## Do\n\n${block('alter table a add column b int')}${block('update a set b = 1 where b is null')}## Rollback\n\n${block('alter table a drop column b')}`,
  );
  expect(explanation.steps.map(({ label }) => label)).toEqual(['run', 'run', 'rollback']);
  const [first, second] = plan.steps;
  expect(first?.rollback?.map(({ kind, action }) => [kind, action])).toEqual([
    ['system', 'manual'],
    ['tool', 'execute'],
  ]);
  expect(second?.rollback).toEqual([]);
});

const checked = (info: string) =>
  `## Do\n\n${block('delete from a')}## Verify\n\n${block('select count(*) = 0 from a', info)}`;

test('an SQL check is a verifier when its author says what it answers; else it is a step that reads', async () => {
  const expecting = await compile(checked('sql expect=true'));
  expect(expecting.plan.steps.at(-1)?.verifiers).toMatchObject([
    {
      kind: 'sql',
      config: { url: '{{ secrets.SHOP }}', query: 'select count(*) = 0 from a', expect: { value: true } },
    },
  ]);
  const reading = await compile(checked('sql'));
  expect(reading.plan.steps.at(-1)).toMatchObject({ tool: 'sql', action: 'query', verifiers: [] });
});

test('what a heredoc holds is for the program that reads it', async () => {
  const { explanation } = await compile(`## Do\n\n${block("node - <<'JS'\nconst a = 1;\nJS", 'sh')}`);
  expect(explanation.steps).toMatchObject([{ label: 'run', rule: 'procedure' }]);
});

test('a missing address of the database is found before anything is done', async () => {
  const { plan } = await compile(`## Do\n\n${block('delete from a')}`);
  expect(plan.steps.at(-1)?.preconditions).toEqual(['secret:SHOP']);
});

test('outputs of commands that follow each other are compared as they come', async () => {
  const { plan } = await compile(`## Do\n\n${block('$ echo 1 > a; cat a\n1\n$ cat a\n1', 'console')}`);
  const schema = plan.steps[0]?.verifiers[0]?.config['schema'] as { pattern: string };
  expect('1\n1\n').toMatch(new RegExp(schema.pattern));
  expect('1\n2\n').not.toMatch(new RegExp(schema.pattern));
});
