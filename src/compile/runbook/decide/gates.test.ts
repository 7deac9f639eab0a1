import { expect, test } from 'vitest';
import { builtIn } from '../../../operations/contracts.js';
import { lockEntry, makeLock } from '../review/review.js';
import { compileRunbook, readRunbook } from '../runbook.js';

const { contracts } = builtIn();
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;
const acts = (name: string) => block(`systemctl restart ${name}`);
const stepsOf = async (text: string) =>
  (await compileRunbook({ text: `# R\n\n## Release\n\n${text}`, file: 'r.md' }, contracts)).plan.steps;
/** Of each step that is guarded, the question. */
const asked = async (text: string) => {
  const steps = await stepsOf(text);
  return steps.flatMap(({ args }) => {
    const guards = args['guards'] as readonly string[] | undefined;
    const { instructions } = args;
    if (guards === undefined || typeof instructions !== 'string') return [];
    return [[guards[0], instructions.split('\n')[0]]];
  });
};

test.each([
  'Ask the DBA before the next step.',
  'Wait 10 minutes so that the readers drain.',
  'Ask Security before you reload the load balancer.',
  'Have a second person look at the changelog.',
  'Post in #ops before you begin.',
  'Get a second pair of eyes on the diff.',
  'Bitte vorher bei der Datenbankabteilung nachfragen.',
  'Vier-Augen-Prinzip: eine zweite Person prüft die Liste.',
  'Page the payments on-call and wait for their OK.',
  'Pregunta antes al equipo de pagos.',
  'Do this only after the backup has finished.',
  'Do not continue until the lag is 0.',
  'Do not run this until the backup is done.',
  'Do not run this once customers have written data.',
  '**Only during the maintenance window (Sunday):**',
  '> Only with approval of the product owner.',
  'Bitte erst nach Rücksprache mit der Leitung ausführen:',
  '10 Minuten warten, dann:',
  'Nur im Wartungsfenster:',
  'Solicite la aprobación del responsable.',
  'Espere a que termine la copia de seguridad antes de continuar.',
  "Demandez l'accord du responsable.",
  'Attendez que la copie soit finie.',
  'Aspettare che la copia finisca:',
  'Aguarde até a cópia terminar:',
  'Дождитесь окончания копирования.',
  'Poczekaj na koniec kopii.',
  '等待复制完成。',
  'Look at the output! If it is ok do it for real:',
  'If the list looks right, delete:',
  'Wenn alles passt:',
  'Delete the originals, only if the gz files are there:',
  'Only once the dump has been written:',
  'Die alten löschen, nur wenn die neuen da sind:',
  'Borrar los originales, solo si las copias existen:',
  'Supprimer, seulement si les copies sont là :',
  'Si todo está bien:',
  'If there are more than 3 errors in the log, abort and call the on-call lead.',
  'If the lag is < 100, just wait.',
  'Wenn der Lag kleiner ist, einfach warten.',
  'If it is clean, no further action is needed.',
  'Not on production:',
  'Not during the backup:',
  'Nicht auf Produktion:',
  'Surtout pas en production :',
  'No en producción:',
  'Não em produção:',
  'Не на проде:',
  'Not before 7 days have passed:',
  '> ⚠️ Not before 7 days have passed!',
  'No earlier than 24 hours after the switch:',
  'Frühestens nach 14 Tagen:',
  'Bajar el TTL 24 horas antes.',
  'If the key is still being used by an attacker call Security (+1 555 0100) before doing anything.',
  'Then as a last resort remove the audit logs (ask Legal first!):',
  'Two people must be present for this:',
  'This must be run by a DBA:',
  'Double-check the hostname before you hit enter:',
  'Make sure nobody is using the database.',
  'Make sure the backup is complete before going on!',
  'Inform customers 24h in advance.',
  'Après validation par le client :',
  '经 DBA 确认后执行：',
  'If all went well, enable the service:',
  'After the fix is released put the message back:',
  'When the pods are running, label them:',
  'Ask before proceeding.',
  'Once the change request is approved:',
  'Have the DBA sign off.',
  'Only when finance has signed off the list:',
  'Pause here until QA signs off.',
  'Let the queue drain.',
  'Come back after an hour and run:',
  'Do this after 22:00 only.',
  'Run only within it.',
  'Requires a second pair of eyes.',
  'Verify with the customer that the export is complete.',
  'Page the on-call engineer and let them know.',
  'At least one other engineer has to be on the call.',
  'Confirm in #ops that traffic has been moved away.',
  'Sobald die Änderung freigegeben ist:',
  'Erst nach 22 Uhr:',
  'Die Warteschlange leerlaufen lassen.',
  'Deje que la cola se vacíe.',
  'Laissez la file se vider.',
  'If the tests pass, deploy:',
])('"%s" is asked before the block below it', async (text) => {
  const plain = text.replaceAll(/[*>]/g, '').trim();
  const [question, ...more] = await asked(`${acts('web')}${text}\n\n${acts('shop')}`);
  expect(more).toEqual([]);
  expect(question).toEqual(['systemctl-restart-shop', expect.stringContaining(plain.split('! ').at(-1) ?? '')]);
  const steps = await stepsOf(`${acts('web')}${text}\n\n${acts('shop')}`);
  expect(steps.every((step) => !('if' in step) || step.if === undefined)).toBe(true);
});

test.each([
  'Restart the shop and wait until it is back:',
  'Stop the service if it is running, and start it again:',
  'Wait for the probe:\n\n```bash\nkubectl wait --for=condition=ready pod/web\n```\n\nThen:',
  'If the upgrade fails, abort it with:',
  'Never run this as root.',
  'Allow 2 connections per worker:',
  'Make sure you are in the src folder before running it:',
  'Once the copy is there, go on with:',
  'Let the script restart it:',
  'Run only within the container:',
  'Let us know how it went, then:',
])('"%s" asks nobody when the block below it is reached', async (text) => {
  expect(await asked(`${acts('web')}${text}\n\n${acts('shop')}`)).toEqual([]);
});

test.each([
  '# Production only!',
  '# DANGER: do not run unless told by the lead',
  '# TODO: does not work yet',
  '# In an emergency only: force',
  '# Nur im Notfall',
  '# Sólo en producción',
])('the comment "%s" is asked about', async (comment) => {
  expect(await asked(`${acts('web')}${block(`${comment}\nsystemctl restart shop`)}`)).toEqual([
    ['systemctl-restart-shop', expect.stringContaining(comment.slice(2))],
  ]);
});

test.each([
  '# 1. unlock\necho a > a\n\n# 2. In an emergency only: force\necho b > b\n\n# 3. tell\necho c > c',
  'echo a > a\n# production only\necho b > b',
  '# dry run\nmake delete DRY=1\n# for real\nmake delete',
])('a person does what is restricted in part: %j', async (script) => {
  expect((await stepsOf(`${acts('web')}${block(script)}`)).map(({ action }) => action)).toContain('manual');
});

test('what is said beside a look is asked once that was made, before the next block that changes something', async () => {
  const look = 'Stop here if the count is zero.\n\n```bash\ncat /srv/count\n```\n\n';
  expect(await asked(`${acts('web')}${look}${acts('shop')}${acts('mail')}`)).toEqual([
    ['systemctl-restart-shop', expect.stringContaining('Stop here if the count is zero.')],
  ]);
  const below = `${block('cat /srv/count')}Stop here if the count is zero.\n\nThen:\n\n`;
  expect(await asked(`${acts('web')}${below}${acts('shop')}`)).toHaveLength(1);
});

test('what stands above a conditional block is asked before the next one, too, since the first may be left out', async () => {
  const look = 'Ask the DBA first.\n\n```bash\ncat /srv/count\n```\n\n';
  const names = (
    await asked(`${acts('web')}${look}If you use a cache:\n\n${acts('cache')}Then:\n\n${acts('shop')}`)
  ).map(([name]) => name);
  expect(names).toEqual(['systemctl-restart-cache', 'systemctl-restart-shop']);
});

test('a no leaves out nothing that the blocks below need', async () => {
  const steps = await stepsOf(`Ask the DBA first.\n\n${block('cd /srv\nNAME=web\nmake $NAME')}${acts('shop')}`);
  expect(steps.map(({ args }) => args['run'] ?? 'asks')).toEqual([
    'cd /srv\nNAME=web',
    'asks',
    'make $NAME',
    'systemctl restart shop',
  ]);
});

test('a review of the file does not answer it', async () => {
  const text = `# R\n\n## Release\n\n${acts('web')}Ask the DBA first.\n\n${block('rm -rf /srv/old')}`;
  const { decisions, settings } = await readRunbook({ text, file: 'r.md' });
  const lock = makeLock(
    decisions.map((decision) => lockEntry(decision, decision.label)),
    settings,
  );
  const { plan } = await compileRunbook({ text, file: 'r.md', lock }, contracts);
  const [question] = plan.steps.filter(({ args }) => args['guards'] !== undefined);
  expect(question?.args['instructions']).toMatch(
    /^The document says first: "Ask the DBA first\." Yes does this block, no leaves it out; to stop, cancel the run\. Say yes/,
  );
});

/** Of a whole document: what is asked, in the order of its steps. */
const askedOf = async (text: string) => {
  const { plan } = await compileRunbook({ text, file: 'r.md' }, contracts);
  return plan.steps.map(({ args: { instructions, run } }) => {
    const [, first] =
      /The document says first: "([^"]*)"/.exec(typeof instructions === 'string' ? instructions : '') ?? [];
    return first ?? (typeof run === 'string' ? run : 'other');
  });
};

test.each([
  `# Promote\n\nDo not run this unless the primary is confirmed dead.\n\n## Procedure\n\n${acts('web')}`,
  `# Promote\n\n> [!WARNING]\n> Do not run this unless the primary is confirmed dead.\n\nIt is fast.\n\n## Procedure\n\n${acts('web')}`,
  `# Promote\n\n## Procedure\n\nDo not run this unless the primary is confirmed dead.\n\n### Step 1\n\n${acts('web')}`,
])('what stands above the first sub-heading is asked before all that stands below: %#', async (text) => {
  expect(await askedOf(text)).toEqual([
    expect.stringContaining('Do not run this unless the primary is confirmed dead.'),
    'systemctl restart web',
  ]);
  const { plan } = await compileRunbook({ text, file: 'r.md' }, contracts);
  expect(plan.steps[0]?.args['instructions']).toContain('no ends it here');
});

test('a step that only wants an approval is asked about before the next', async () => {
  const text = `# Release\n\n## Step 1: Build\n\n${acts('web')}## Step 2: Approval\n\nDo not continue until the product owner has approved.\n\n## Step 3: Go\n\n${acts('shop')}`;
  expect(await askedOf(text)).toEqual([
    'systemctl restart web',
    'Do not continue until the product owner has approved.',
    'systemctl restart shop',
  ]);
});

test('what stands above a block that is left out by its form is asked before the next', async () => {
  const text = `# Release\n\n## Steps\n\nAsk the DBA first.\n\n\`\`\`yaml\nsize: 3\n\`\`\`\n\n${acts('shop')}`;
  expect(await askedOf(text)).toEqual(['Ask the DBA first.', 'systemctl restart shop']);
});

test('each paragraph below the last block of a section is heard', async () => {
  const text = `# Release\n\n## Look\n\n${block('cat /srv/count')}This lists it.\n\nStop here if the count is zero.\n\n## Go\n\n${acts('shop')}`;
  expect(await askedOf(text)).toEqual(['cat /srv/count', 'Stop here if the count is zero.', 'systemctl restart shop']);
});

test('"Otherwise continue" behind what ends it makes no case', async () => {
  const [first, ...more] = await asked(
    `${acts('web')}If the lag is < 100, just wait. Otherwise continue.\n\n${acts('shop')}`,
  );
  expect(more).toEqual([]);
  expect(first?.[1]).toContain('If the lag is < 100, just wait.');
});

test('a request that does something by its address is asked about', async () => {
  const request = (url: string) => `\`\`\`http\nGET http://search:9200/${url}\n\`\`\`\n\n`;
  const text = `# Release\n\n## Steps\n\nAsk the DBA first.\n\n${request('shards/restart')}${acts('shop')}`;
  expect((await askedOf(text)).indexOf('Ask the DBA first.')).toBe(0);
});

test('a question shows so much only, and says how many others there are', async () => {
  const many = Array.from({ length: 30 }, (_, i) => `Ask the DBA ${i} first.\n\n${block('cat /srv/count')}`).join('');
  const [first] = (await askedOf(`# Release\n\n## Steps\n\n${many}${acts('shop')}`)).filter((one) =>
    one.startsWith('Ask'),
  );
  expect(first).toMatch(/^Ask the DBA 0 first\. .* … and \d+ more$/);
});

test('hostile text is read in time', async () => {
  const long = [
    'Wait '.repeat(400),
    'if '.repeat(600),
    'stop here '.repeat(200),
    'only '.repeat(400),
    '('.repeat(2000),
  ];
  const started = performance.now();
  for (const text of long) await stepsOf(`${acts('web')}${text}\n\n${acts('shop')}`);
  expect(performance.now() - started).toBeLessThan(5_000);
});
