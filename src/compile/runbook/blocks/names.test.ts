import { expect, test } from 'vitest';
import { builtIn } from '../../../operations/contracts.js';
import { compileRunbook } from '../runbook.js';
import { inputNameOf } from './conditions.js';

const { contracts } = builtIn();
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;

async function planOf(text: string) {
  const { plan } = await compileRunbook({ text, file: 'r.md' }, contracts);
  return plan;
}

const namesOf = async (text: string) => (await planOf(text)).steps.map(({ id, title }) => [id, title]);

const LOG = 'echo reload >> /tmp/reload.log';

test.each([
  [`## Vorgehen\n\nDanach den Dienst neu laden:\n\n${block(LOG)}`, 'danach-den-dienst-neu-laden'],
  [`## Vorgehen\n\n${block(LOG)}`, 'move-shop'],
  [`## 2. Procedure\n\n${block('systemctl restart web')}`, 'move-shop'],
  [`## Web servers\n\n### Steps\n\n${block('systemctl restart web')}`, 'web-servers'],
  [`## Reload\n\n### Étapes\n\n${block(LOG)}`, 'reload'],
  [`## Reload\n\n${block('cat > /tmp/x <<E\nx\nE')}${block('make a')}`, 'reload'],
  [`## Reload\n\nDo all of it:\n\n${block(LOG)}`, 'reload'],
  [`## Reload\n\n${block('cat a.log > b.log')}${block('make a')}`, 'cat-a-log'],
])('a step is called by what says what it does: %s', async (text, id) => {
  const [[found] = []] = await namesOf(`# Move shop\n\n${text}`);
  expect(found).toBe(id);
});

test('a block below "Steps" is told by what stands above it, or by the heading around', async () => {
  expect(await namesOf(`# Move shop\n\n## Pasos\n\n${block(LOG)}`)).toEqual([['move-shop', 'Move shop']]);
  expect(await namesOf(`# Move shop\n\n## Pasos\n\nReload it now:\n\n${block(LOG)}`)).toEqual([
    ['reload-it-now', 'Reload it now'],
  ]);
});

const inputsOf = async (text: string) =>
  Object.keys(((await planOf(text)).inputSchema as { properties?: object } | undefined)?.properties ?? {});

test('an address that is written out is called by what it is set to, everywhere', async () => {
  const set = block('OLD=192.0.2.10\nNEW=192.0.2.20\nsed -i "s/$OLD/$NEW/" zone');
  expect(await inputsOf(`# R\n\n## Do\n\n${set}${block('ping -c1 192.0.2.20')}`)).toEqual(['old', 'new']);
  expect(await inputsOf(`# R\n\n## Do\n\n${block('web --host 192.0.2.1')}`)).toEqual(['host']);
});

test('two addresses stay two inputs, though both are set to the same', async () => {
  const text = `# R\n\n## Do\n\n${block('HOST=192.0.2.10\nping -c1 "$HOST"')}${block('HOST=192.0.2.20\nping -c1 "$HOST"')}`;
  expect(await inputsOf(text)).toEqual(['host', 'host_2']);
  const given = `---\nopsroom:\n  inputs: { host: 10.0.0.1 }\n---\n${text}`;
  expect(await inputsOf(given)).toEqual(['host', 'host_2']);
});

test('what is left open under the name of a written address is an input of its own', async () => {
  const written = block('pg_dump --host 192.0.2.10 shop > shop.sql');
  const open = `${block('psql --host <host> shop < shop.sql')}${block('dropdb -h "$HOST" shop_old')}`;
  const { steps, inputSchema } = await planOf(`# R\n\n## Do\n\n${written}${open}`);
  const used = steps.flatMap(({ args }) => Object.values((args['env'] ?? {}) as Record<string, string>));
  expect(used).toEqual(['{{ inputs.host }}', '{{ inputs.host_2 }}', '{{ inputs.host_2 }}']);
  expect(inputSchema).toMatchObject({ required: ['host', 'host_2'] });
});

test.each([
  ['If using Argo CD', 'if_using_argo_cd'],
  ['Then as a last resort remove the audit logs', 'then_as_a_last_resort_remove_the_audit_logs'],
  ['Delete the originals, only if the gz files are there', 'only_if_the_gz_files_are_there'],
  ["If there are more than 10 poison messages, don't move them", 'if_there_are_more_than_10_poison_messages'],
  ['Falls der Dienst auf einem zweiten Host läuft, dorthin kopieren', 'falls_der_dienst_auf_einem_zweiten_host_lauft'],
  ['If the of the of the of the of the of the', 'if_the_of_the_of_the_of'],
])('an input is cut off where its name tells something: %s', (says, name) => {
  expect(inputNameOf(says)).toBe(name);
});
