import { expect, test } from 'vitest';
import { builtIn } from '../../operations/contracts.js';
import { compileRunbook } from './runbook.js';

const { contracts } = builtIn();
const acts = (name: string) => `\`\`\`bash\nsystemctl restart ${name}\n\`\`\`\n\n`;
const look = '```bash\ncat /srv/count\n```\n\n';
const stepsOf = async (text: string) =>
  (await compileRunbook({ text: `# R\n\n## Release\n\n${text}`, file: 'r.md' }, contracts)).plan.steps;
/** What each question guards, by its id, with its condition. */
const guards = async (text: string) =>
  (await stepsOf(text)).flatMap((step) =>
    Array.isArray(step.args['guards'])
      ? [[step.id, step.if ?? '', (step.args['guards'] as readonly string[]).join(' ')]]
      : [],
  );

test.each([
  'Stop here if the count is zero.',
  'If it is not empty, stop.',
  'Do not continue unless the count is zero.',
  'Only continue if the list looks right.',
  'Nicht fortfahren, bis die Liste leer ist.',
  'No continúe si la lista no está vacía.',
])('a no to "%s" leaves out all that follows', async (text) => {
  const document = `${acts('web')}${text}\n\n${look}${acts('shop')}${acts('mail')}1. Tell the others.\n`;
  expect(await guards(document)).toEqual([
    ['ask-systemctl-restart-shop', '', 'systemctl-restart-shop systemctl-restart-mail tell-the-others'],
  ]);
  const [question] = (await stepsOf(document)).filter(({ args }) => args['guards'] !== undefined);
  expect(question?.args['instructions']).toMatch(/Yes goes on; no ends it here, and nothing that follows is done\./);
});

test('"Do not run this until …" is about the next block only', async () => {
  expect(await guards(`${acts('web')}Do not run this until it is empty.\n\n${acts('shop')}${acts('mail')}`)).toEqual([
    ['ask-systemctl-restart-shop', '', 'systemctl-restart-shop'],
  ]);
});

test('a question about going on guards the next of its kind, which is left out with what it guards', async () => {
  const text = `${acts('web')}Stop here if it is zero.\n\n${acts('a')}${acts('b')}Do not continue until it is up.\n\n${acts('c')}`;
  expect(await guards(text)).toEqual([
    ['ask-systemctl-restart-a', '', 'systemctl-restart-a systemctl-restart-b ask-systemctl-restart-c'],
    ['ask-systemctl-restart-c', '', 'systemctl-restart-c'],
  ]);
});

test('it is asked in any case, though what comes next is for some case only', async () => {
  const text = `${look}Stop here if it is zero.\n\n${look}If you use a cache:\n\n${acts('cache')}Then:\n\n${acts('shop')}`;
  expect(await guards(text)).toEqual([
    ['ask-systemctl-restart-cache', '', 'systemctl-restart-cache systemctl-restart-shop'],
  ]);
});

test('told in a case, it ends what is done in that case', async () => {
  const text = `If you use a cache:\n\n${acts('cache')}## Shop\n\n${acts('shop')}`;
  const told = text.replace('cache:', 'cache, do the following:\n\nStop here if it is cold.');
  const [question] = await guards(told);
  expect(question?.slice(1)).toEqual([expect.stringMatching(/^inputs\./), 'release']);
});

test('beside it, a dangerous block has a question of its own', async () => {
  const text = `${acts('web')}Stop here if it is zero.\n\n\`\`\`bash\nrm -rf /srv/old\n\`\`\`\n\n${acts('shop')}`;
  expect(await guards(text)).toEqual([
    ['ask-rm', '', 'ask-rm-2 rm systemctl-restart-shop'],
    ['ask-rm-2', '', 'rm'],
  ]);
});

test('an item that says so is asked like it', async () => {
  const text = `1. Look at the count. If it is zero, stop.\n2. Restart it:\n\n   \`\`\`bash\n   systemctl restart shop\n   \`\`\`\n`;
  expect((await guards(text)).map(([, , guarded]) => guarded)).toEqual(['systemctl-restart-shop']);
});

test.each([
  'If the primary answers, skip to step 4.',
  'Is it up? Go to step 3; otherwise continue with step 2.',
  'If it fails, return to step 1.',
  'Wenn er läuft, weiter mit Schritt 4.',
  'Si responde, vaya al paso 4.',
  'Si elle répond, passez à l’étape 4.',
  'Se risponde, passare al punto 4.',
  'Se responder, vá para o passo 4.',
  'Если отвечает, перейдите к шагу 4.',
  '若正常，跳到第4步。',
])('what comes after "%s" is not done unasked', async (text) => {
  const then = `Restart it:\n\n   \`\`\`bash\n   systemctl restart shop\n   \`\`\`\n`;
  const item = await guards(`1. ${text}\n2. ${then}`);
  expect(item.map(([, , guarded]) => guarded)).toEqual(['systemctl-restart-shop']);
  const below = await guards(`1. Look:\n\n   \`\`\`bash\n   cat /srv/count\n   \`\`\`\n\n   ${text}\n2. ${then}`);
  expect(below.map(([, , guarded]) => guarded)).toEqual(['systemctl-restart-shop']);
});

test('a list of where to go on, between numbered lines, is asked about as well', async () => {
  const list = '- more than 200: go to step 2\n- otherwise: step 3\n\n';
  const text = `1. Count them:\n\n${look}${list}2. Restart shop:\n\n${acts('shop')}3. Restart web:\n\n${acts('web')}`;
  expect((await guards(text)).map(([, , guarded]) => guarded)).toEqual([
    'systemctl-restart-shop systemctl-restart-web',
  ]);
  expect(await guards(text.replace('go to step 2', 'it is much').replace('step 3', 'little'))).toEqual([]);
});

const items = (...names: readonly string[]) =>
  names.map((name, i) => `${i + 1}. Restart ${name}:\n\n${acts(name).replaceAll(/^(?=.)/gm, '   ')}`).join('');
const NEXT = `## Next\n\n${acts('mail')}`;

test.each([
  ['blocks', `${acts('web')}${acts('shop')}`],
  ['a list', items('web', 'shop')],
  ['a list with a step that a person does', `${items('web', 'shop')}3. Tell the others.\n`],
  ['a file that is edited first', `\`\`\`yaml\na: 1\n\`\`\`\n\n${acts('web')}${acts('shop')}`],
])('what stands above the first of a section is about all of it: %s', async (_, text) => {
  for (const says of ['Only during the maintenance window.', 'Ask the DBA first.', '**Get approval from the lead.**']) {
    const [question, ...more] = await guards(`${says}\n\n${text}${NEXT}`);
    expect(more).toEqual([]);
    expect(question?.[0]).toBe('ask-systemctl-restart-web');
    expect(question?.[2]).toMatch(/^systemctl-restart-web systemctl-restart-shop(?: tell-the-others)?$/);
  }
  const steps = await stepsOf(`Ask the DBA first.\n\n${text}${NEXT}`);
  expect(steps[0]?.args['instructions']).toMatch(/no leaves out all that follows in this section\./);
});

test.each([
  ['a wait', 'Wait 10 minutes.'],
  ['what announces the first', 'Ask the DBA first:'],
  ['what is said of the first alone', 'Do not run this until the backup is done.'],
  ['what is said of a part', '**Web**\n\nAsk the DBA first.'],
])('%s stays with the first', async (_, says) => {
  expect(await guards(`${says}\n\n${acts('web')}${acts('shop')}`)).toEqual([
    ['ask-systemctl-restart-web', '', 'systemctl-restart-web'],
  ]);
});

test('what decides about going on, above a list, is asked and is no case', async () => {
  expect(await guards(`Only proceed if the lag is zero.\n\n${items('web', 'shop')}${NEXT}`)).toEqual([
    ['ask-systemctl-restart-web', '', 'systemctl-restart-web systemctl-restart-shop next'],
  ]);
});

test('what a later section needs is done whatever is answered', async () => {
  const text = `Ask the DBA first.\n\n${acts('a')}\`\`\`bash\ncd /srv/app\nmake app\n\`\`\`\n\n${NEXT}`;
  const [question] = await guards(text);
  expect(question?.[2]).toBe('systemctl-restart-a make-app');
  expect((await stepsOf(text)).map(({ args }) => args['run'] ?? 'asks')).toEqual([
    'asks',
    'systemctl restart a',
    'cd /srv/app',
    'make app',
    'systemctl restart mail',
  ]);
});

test('what is set and exported is needed later, too; what empties a file on the way is not', async () => {
  const set = '```bash\nexport REL=42\n```\n\n```bash\ncd /srv/app > /etc/app.conf\n```\n\n';
  const text = `Only during the maintenance window.\n\n${acts('a')}${set}${acts('b')}${NEXT}`;
  const [question] = await guards(text);
  const guarded = question?.[2]?.split(' ') ?? [];
  const runs = (await stepsOf(text)).filter(({ id }) => guarded.includes(id)).map(({ args }) => args['run']);
  expect(runs).toEqual(['systemctl restart a', 'cd /srv/app > /etc/app.conf', 'systemctl restart b']);
});

test('what stands above a list further down is about all that follows there', async () => {
  const text = `${acts('a')}Only if the backups are there:\n\n${items('web', 'shop')}${NEXT}`;
  expect(await guards(text)).toEqual([
    ['ask-systemctl-restart-web', '', 'systemctl-restart-web systemctl-restart-shop'],
  ]);
});

test('a question about a section stands between others that reach further', async () => {
  const text = `Stop here if it is zero.\n\n${look}${acts('a')}## B\n\nAsk the DBA first.\n\n${acts('b')}${acts('c')}## D\n\n${acts('d')}`;
  expect(await guards(text)).toEqual([
    [
      'ask-systemctl-restart-a',
      '',
      'systemctl-restart-a ask-systemctl-restart-b systemctl-restart-b systemctl-restart-c d',
    ],
    ['ask-systemctl-restart-b', '', 'systemctl-restart-b systemctl-restart-c'],
  ]);
});

test('of a section that is for a case it is asked in that case', async () => {
  const text = `${acts('web')}## If you use a cache\n\nAsk the DBA first.\n\n${acts('a')}${acts('b')}`;
  const [question] = await guards(text.replace('## If you use a cache', '## Cache (only if you use one)'));
  expect(question).toEqual([
    'ask-systemctl-restart-a',
    expect.stringMatching(/^inputs\./),
    'systemctl-restart-a systemctl-restart-b',
  ]);
});
