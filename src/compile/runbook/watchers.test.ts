import { expect, test } from 'vitest';
import { builtIn } from '../../operations/contracts.js';
import { compileRunbook } from './runbook.js';

const { contracts } = builtIn();
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;
const stepsOf = async (text: string) =>
  (await compileRunbook({ text: `# R\n\n## Release\n\n${text}`, file: 'r.md' }, contracts)).plan.steps;
/** Each step by what it does: its commands, or `?` with what it guards. */
const done = async (text: string) =>
  (await stepsOf(text)).map(({ args }) => args['run'] ?? `? ${(args['guards'] as readonly string[]).join(' ')}`);

const restart = block('kubectl rollout restart deploy/shop');
const scale = block('kubectl scale deploy/shop --replicas=5');

test.each([
  ['Wait until all pods are Running:', 'watch kubectl get pods'],
  ['Keep an eye on the log until the first request comes in:', 'tail -f /var/log/x.log'],
  ['Watch the load until it falls:', 'docker stats'],
  ['Monitor until it is quiet.', 'journalctl -f'],
  ['Beobachten Sie das Log, bis nichts mehr kommt:', 'tail -f /var/log/x.log'],
  ['Surveillez le journal jusqu’à la fin :', 'tail -f /var/log/x.log'],
  ['Observe el registro hasta que termine:', 'tail -f /var/log/x.log'],
  ['Acompanhe o log até terminar:', 'tail -f /var/log/x.log'],
  ['Osservare il log finché non finisce:', 'tail -f /var/log/x.log'],
])('"%s" above `%s` waits for a person', async (text, command) => {
  expect(await done(`${restart}${text}\n\n${block(command)}${scale}`)).toEqual([
    'kubectl rollout restart deploy/shop',
    command,
    '? kubectl-scale',
    'kubectl scale deploy/shop --replicas=5',
  ]);
  const [, , question] = await stepsOf(`${restart}${text}\n\n${block(command)}${scale}`);
  expect(question?.args['instructions']).toContain(text.replace(/^\W+/, ''));
});

test('so does what goes on at the end of a block', async () => {
  const text = `Restart it. Wait until all pods are Running:\n\n${block('kubectl rollout restart deploy/shop\nkubectl get pods -w')}`;
  expect(await done(`${text}${scale}`)).toEqual([
    'kubectl rollout restart deploy/shop',
    'kubectl get pods -w',
    '? kubectl-scale',
    'kubectl scale deploy/shop --replicas=5',
  ]);
});

test('a check behind it is made once a person has said so', async () => {
  const text = `${restart}Wait until all pods are Running:\n\n${block('watch kubectl get pods')}Check that it answers:\n\n${block('curl -f localhost:80')}`;
  expect(await done(text)).toEqual([
    'kubectl rollout restart deploy/shop',
    'watch kubectl get pods',
    expect.stringMatching(/^\? curl/),
    'curl -f localhost:80',
  ]);
});

test('a watcher of which nothing is said waits for nobody', async () => {
  expect(await done(`${restart}Look at the pods:\n\n${block('watch kubectl get pods')}${scale}`)).toHaveLength(3);
});

test('`watch` is told what kind of terminal it draws for, without which it ends at once', async () => {
  const [step] = await stepsOf(block("watch -n1 'ls incoming | wc -l'"));
  expect(step).toMatchObject({ action: 'background', args: { env: { TERM: 'xterm' } } });
  const [other] = await stepsOf(block('tail -f app.log'));
  expect(other?.args['env']).toBeUndefined();
});
