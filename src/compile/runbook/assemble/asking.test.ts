import { expect, test } from 'vitest';
import { builtIn } from '../../../operations/contracts.js';
import { compileRunbook } from '../runbook.js';

const { contracts } = builtIn();
const block = (code: string, info = 'bash') => `\`\`\`${info}\n${code}\n\`\`\`\n\n`;
const planOf = async (text: string, secrets = '') =>
  (
    await compileRunbook(
      { text: `---\nopsroom: { secrets: [${secrets}] }\n---\n# R\n\n${text}`, file: 'r.md' },
      contracts,
    )
  ).plan;

const removes = block('rm -rf /srv/old');
const acts = block('systemctl restart shop');

test('a question names the step that is done only after a yes, in a rollback too', async () => {
  const { steps } = await planOf(`## Release\n\n${acts}${removes}### Rollback\n\n${block('rm -rf /srv/new')}`);
  expect(steps.map(({ id, args }) => [id, args['guards']])).toEqual([
    ['systemctl-restart-shop', undefined],
    ['ask-rm', ['rm']],
    ['rm', undefined],
  ]);
  expect(steps[0]?.rollback?.map(({ id, args }) => [id, args['guards']])).toEqual([
    ['ask-rm', ['undo-rm']],
    ['undo-rm', undefined],
  ]);
});

test('a rollback of several steps is named by the first of them, which may be left out', async () => {
  const { steps } = await planOf(`## Release\n\n${removes}${acts}### Rollback\n\n${block('rm -rf /srv/new')}`);
  expect(steps.map(({ rollback }) => rollback?.map(({ id, alsoUndoes }) => [id, alsoUndoes]))).toEqual([
    undefined,
    [
      ['ask-rm', ['systemctl-restart-shop']],
      ['undo-rm', ['systemctl-restart-shop']],
    ],
    [],
  ]);
});

test('what must hold before anything is done is looked at by the next step as well, where the first may be left out', async () => {
  const needs = `## Prerequisites\n\n${block('test -f /etc/shop.conf')}`;
  const { steps } = await planOf(`${needs}## Release\n\n${removes}${acts}${block('systemctl status shop > /tmp/x')}`);
  const looked = steps.filter(({ preconditions }) => preconditions.length > 0).map(({ id }) => id);
  expect(looked).toEqual(['rm', 'systemctl-restart-shop']);
});

test('a secret that nobody has set is told by the first step that is certain to be done', async () => {
  const { steps } = await planOf(`${removes}${acts}${block('make dump PASSWORD="$DB_PASSWORD"')}`, 'db_password');
  expect(steps.map(({ id, preconditions }) => [id, preconditions])).toEqual([
    ['ask-rm', []],
    ['rm', ['secret:DB_PASSWORD']],
    ['systemctl-restart-shop', ['secret:DB_PASSWORD']],
    ['make-dump', []],
  ]);
});

test.each(['{verify}', '{precondition}', '{rollback}'])('%s beside what destroys asks before', async (mark) => {
  const { steps } = await planOf(`## Do\n\n${acts}${block('rm -rf /srv/data', `bash ${mark}`)}`);
  const all = steps.flatMap((step) => [step, ...(step.rollback ?? [])]);
  expect(all.filter(({ args }) => args['guards'] !== undefined)).toHaveLength(1);
  expect(all.flatMap(({ verifiers, preconditions }) => [...verifiers, ...preconditions])).toEqual([]);
});

const told = ({ args }: { args: object }) => ('instructions' in args ? String(args.instructions).split('\n')[0] : '');

test('who is asked about a step is told of the checks that a no leaves out', async () => {
  const { steps } = await planOf(`## Release\n\n${acts}${removes}## Verify\n\n${block('test -d /srv/new')}`);
  expect(steps.filter(({ args }) => args['guards']).map(told)).toEqual([
    expect.stringContaining('. No leaves out the check of r.md:18–20, too. Say yes only if it is meant:'),
  ]);
  expect(steps.map(({ verifiers }) => verifiers.length)).toEqual([0, 0, 1]);
});

test('a check that is made in any case is not told of', async () => {
  const { steps } = await planOf(`## Release\n\n${removes}${acts}## Verify\n\n${block('test -d /srv/new')}`);
  expect(steps.filter(({ args }) => args['guards']).map(told)).toEqual([expect.not.stringContaining('check of')]);
});

test('the same holds for the check of a rollback', async () => {
  const back = `### Rollback\n\n${block('rm -rf /srv/new')}Check that it is gone:\n\n${block('test ! -e /srv/new')}`;
  const { steps } = await planOf(`## Release\n\n${acts}${back}`);
  const [asking] = steps[0]?.rollback ?? [];
  expect(asking && told(asking)).toContain('. No leaves out the check of r.md:20–22, too. Say yes');
});

test('where a dangerous block goes somewhere or sets something, nobody is asked about that: the blocks below need it', async () => {
  const scripts = async (...codes: string[]) => {
    const { steps } = await planOf(`## Steps\n\n${codes.map((code) => block(code)).join('')}`);
    return steps.map(({ args }) => args['run'] ?? 'asks');
  };
  expect(await scripts('cd /srv\nNAME=web\nrm -rf "$NAME"', 'make x')).toEqual([
    'cd /srv\nNAME=web',
    'asks',
    'rm -rf "$NAME"',
    'make x',
  ]);
  expect(await scripts('cd /srv && rm -rf old', 'make x')).toEqual(['cd /srv', 'asks', 'rm -rf old', 'make x']);
  // Nothing comes below, or what is set is what a command prints.
  expect(await scripts('cd /srv && rm -rf old')).toEqual(['asks', 'cd /srv && rm -rf old']);
  expect(await scripts('X=$(make id)\nrm -rf old', 'make x')).toHaveLength(3);
});

test('what a shell would split into further words of a command that destroys is one word', async () => {
  const wordsOf = async (code: string) => {
    const { inputSchema } = await planOf(`## Steps\n\n${block(code)}`);
    const { properties } = inputSchema as { properties: Record<string, { pattern?: string }> };
    return Object.entries(properties).flatMap(([name, { pattern }]) => (pattern === undefined ? [] : [name, pattern]));
  };
  const [name, pattern = ''] = await wordsOf('find tenants -name $PATTERN -delete\nls $OTHER');
  expect(name).toBe('pattern');
  const allows = (value: string) => new RegExp(pattern).test(value);
  expect(['zzz', 'a-b_1.log', '/srv/x'].every(allows)).toBe(true);
  expect(['zzz -o -true', '*', 'a?', '-rf', '', 'a\tb', '[ab]'].some(allows)).toBe(false);
  expect(await wordsOf('rm -rf "$DIR"')).toEqual([]);
  expect(await wordsOf('rm -rf ${DIR}/old')).toHaveLength(2);
});

test('a question shows the values that the block is given, and only names secrets', async () => {
  const { steps } = await planOf(
    `## Delete\n\n${block('rm -rf tenants/<tenant> "$DIR"\ncurl -u "$API_TOKEN" "https://x.test/$SHOP_KEY"')}`,
    'shop_key',
  );
  const [asking] = steps;
  expect(asking && told(asking)).toContain('In this run: ');
  expect(asking && told(asking)).toContain('TENANT = "{{ inputs.tenant }}"');
  expect(asking && told(asking)).toContain('DIR = "{{ inputs.dir }}"');
  expect(asking && told(asking)).toContain('API_TOKEN (not shown)');
  expect(asking && told(asking)).toContain('SHOP_KEY (not shown)');
});
