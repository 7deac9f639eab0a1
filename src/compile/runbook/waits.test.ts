import { expect, test } from 'vitest';
import { builtIn } from '../../operations/contracts.js';
import { compileRunbook } from './runbook.js';

const { contracts } = builtIn();
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;
const stepsOf = async (text: string) =>
  (await compileRunbook({ text: `# R\n\n## Release\n\n${text}`, file: 'r.md' }, contracts)).plan.steps;

test('a check that the text has people wait for is made when somebody has said so', async () => {
  const text = `${block('systemctl restart named')}Wait 5 minutes, then check that it answers:\n\n${block('curl -f localhost:80')}`;
  const steps = await stepsOf(`${text}Then:\n\n${block('systemctl restart web')}`);
  expect(steps.map(({ args }) => args['run'] ?? args['guards'])).toEqual([
    'systemctl restart named',
    [steps[2]?.id],
    'curl -f localhost:80',
    'systemctl restart web',
  ]);
  expect(steps[1]?.args['instructions']).toMatch(/^The document says first: "Wait 5 minutes, then check/);
});

test('what takes nothing back when it fails does not then, either', async () => {
  const text = `${block('systemctl restart named')}Wait for DNS to propagate. Look for errors:\n\n${block('grep ERROR /var/log/named')}`;
  const [, , check] = await stepsOf(text);
  expect(check?.args['run']).toBe(':');
  expect(check?.verifiers).toMatchObject([{ kind: 'shell', required: false }]);
});

test('a check that waits by itself, or of which nothing is said, asks nobody', async () => {
  const own = `${block('systemctl restart named')}Wait until it answers:\n\n${block('until curl -f localhost:80; do sleep 1; done')}`;
  expect((await stepsOf(own)).some(({ args }) => args['guards'] !== undefined)).toBe(false);
});

test('behind what is done in some case only it stays a check of that', async () => {
  const steps = await stepsOf(
    `If you use a cache:\n\n${block('systemctl restart cache')}Wait 5 minutes, then check that it answers:\n\n${block('curl -f localhost:80')}`,
  );
  expect(steps.map(({ args }) => args['run'])).toEqual(['systemctl restart cache']);
  expect(steps[0]?.verifiers).toHaveLength(1);
});

test('behind what a person did, too', async () => {
  const steps = await stepsOf(
    `${block('vim /etc/named.conf')}Wait 5 minutes, then check that it answers:\n\n${block('curl -f localhost:80')}`,
  );
  expect(steps.map(({ args }) => args['run'] ?? args['guards'] ?? 'person')).toEqual([
    'person',
    [steps[2]?.id],
    'curl -f localhost:80',
  ]);
});
