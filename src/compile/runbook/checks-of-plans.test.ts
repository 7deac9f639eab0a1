import { expect, test } from 'vitest';
import { builtIn } from '../../operations/contracts.js';
import { compileRunbook } from './runbook.js';

const { contracts } = builtIn();
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;
const deed = block('systemctl stop shop');

/** Of each step its verifiers, and whether each of them is required. */
async function checksOf(text: string) {
  const { plan } = await compileRunbook({ text: `# Move\n\n## Move it\n\n${text}`, file: 'r.md' }, contracts);
  return plan.steps.map(({ id, verifiers }) => [id, verifiers.map(({ required }) => required)]);
}

test.each([
  ['It no longer answers:', 'curl -f http://web1:8080/health'],
  ['Verify that the port is closed:', 'nc -z web1 8080'],
  ['Make sure that nothing is left:', 'kubectl get all -A | grep old-shop'],
  ['Look for errors:', 'journalctl -u shop | grep -i error'],
  ['Check that nobody is logged in:', 'who | grep pts'],
  ['Prüfen, dass er nicht mehr läuft:', 'pgrep shop'],
  ['Which pods are on it?', 'kubectl get pods -o wide | grep node1'],
  ['Its pods', 'kubectl get pods'],
])('what hopes to find nothing, or only stands behind a deed, takes nothing back: %s', async (intro, code) => {
  expect(await checksOf(`${deed}${intro}\n\n${block(code)}`)).toEqual([['move-it', [false]]]);
});

test.each([
  ['Verify that it answers:', 'curl -f http://web1:8080/health'],
  ['Check that the port is open:', 'nc -z web1 8080'],
  ['Nothing is lost:', 'test "$(gzip -dc app.gz | wc -l)" -eq 5000'],
  ['Verify that there are no errors in the log:', '! grep -i error app.log'],
])('what is to be found is required: %s', async (intro, code) => {
  expect(await checksOf(`${deed}${intro}\n\n${block(code)}`)).toEqual([['move-it', [true]]]);
});

test('a check behind a case is made after it, whether it was done or not', async () => {
  const cdn = `If you use the CDN, purge it:\n\n${block('./cdn.sh invalidate')}`;
  const found = await checksOf(`${deed}${cdn}Verify that it answers:\n\n${block('curl -f https://shop.test')}`);
  expect(found).toEqual([
    ['systemctl-stop-shop', []],
    ['cdn-sh-invalidate', []],
    ['curl', []],
  ]);
});

test('that it looks in any case is said', async () => {
  const text = `# R\n\n## Do\n\n${deed}If you use the CDN, purge it:\n\n${block('./cdn.sh invalidate')}## Verify\n\n${block('curl -f https://shop.test')}`;
  const { explanation } = await compileRunbook({ text, file: 'r.md' }, contracts);
  expect(explanation.steps.at(-1)?.why).toContain(
    'it looks in any case, and "cdn-sh-invalidate" is done in some case only',
  );
});

const CHECK = `## Verify\n\n${block('openssl verify server.crt')}`;

test.each([
  ['echo "reload $(date +%s)" >> /srv/pki/reload.log', ['systemctl-stop-shop']],
  ['echo new > /srv/pki/state', ['move-it']],
  ['cp a b', ['cp-a-b']],
  ['cd /srv\nDONE=1', ['move-it']],
])('a check belongs to the last step that does something, and not to a line in a log: %s', async (last, owners) => {
  const found = await checksOf(`${deed}${block(last)}${CHECK}`);
  expect(found.flatMap(([id, checks]) => (checks?.length === 0 ? [] : [id]))).toEqual(owners);
});

test('it stays where it is when it looks at that line, or the step before it is not certain to be done', async () => {
  const line = block('echo moved >> /srv/moves.log');
  const looking = await checksOf(`${deed}${line}## Verify\n\n${block('grep moved /srv/moves.log')}`);
  expect(looking.map(([, checks]) => checks?.length)).toEqual([0, 1]);
  const asked = await checksOf(`${block('rm -rf /srv/old')}${line}${CHECK}`);
  expect(asked.map(([, checks]) => checks?.length)).toEqual([0, 0, 1]);
});
