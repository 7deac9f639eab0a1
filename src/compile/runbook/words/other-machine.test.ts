import { describe, expect, test } from 'vitest';
import { builtIn } from '../../../operations/contracts.js';
import { loadShellGrammar } from '../../shell/parse.js';
import { readSettings } from '../blocks/settings.js';
import { decideBlocks } from '../decide/decide.js';
import { withGates } from '../decide/gates.js';
import { readMarkdown } from '../markdown/markdown.js';
import { compileRunbook } from '../runbook.js';
import { asideNamesMachine } from './other-machine.js';

const grammar = await loadShellGrammar();
const block = (code: string, indent = '') => `\`\`\`bash\n${code}\n\`\`\`\n\n`.replaceAll(/^(?=.)/gm, indent);

function decided(text: string) {
  const document = readMarkdown(text, 'ops.md');
  const settings = readSettings(document.frontMatter, 'ops.md');
  const all = withGates(decideBlocks({ document, file: 'ops.md', settings, grammar }));
  return all.filter(({ block: one }) => one.kind === 'code');
}
const labelsOf = (text: string) => decided(text).map(({ label }) => label);
/** A document that did something here before. */
const BEGUN = `# Ops\n\n## Prepare\n\n${block('make note')}`;

describe('what is typed on another machine is typed by the person who went there', () => {
  test.each([
    'SSH into the standby:',
    'SSH into the standby. Then:',
    'Log in to web-2 as root. Then stop it:',
    'Log in to db2 as root. Then:',
    'Log in to the registry server and stop it:',
    'Log into the standby:',
    'Log onto the database server.',
    'Log in as root on the standby.',
    'Open an SSH session to the standby:',
    'On db-2, run:',
    'Perform the following on the standby:',
    'SSH into the standby (the AWS console shows its address).',
    'Connect to the old server via SSH:',
    'Hop onto the bastion:',
    'Log on to the database server.',
    'Run on the primary only:',
    'On the config server (cfg1):',
    'Auf dem Standby-Server:',
    'Melde dich auf dem Standby an:',
    'En el servidor de réplica:',
    'Switch to the standby.',
    'Conéctate al servidor de réplica:',
    'As root on the new router:',
    'Melden Sie sich auf dem Standby-Server an:',
    'Connectez-vous au serveur :',
    'Conéctese al servidor:',
    'Conecte-se ao servidor via SSH:',
    '登录到数据库服务器：',
    'サーバーにログインします。',
    'Подключитесь к серверу по SSH:',
  ])('%s', (text) => {
    expect(labelsOf(`${BEGUN}## Stop it\n\n${text}\n\n${block('systemctl stop app')}`)).toEqual(['run', 'manual']);
  });

  test.each([
    'Create the bucket (on S3)',
    'Install (on arm64)',
    'Install (on Ubuntu-22.04)',
    'Build (on macOS-14)',
    'Build (on node-18)',
    'Go (on port8080)',
  ])('in brackets stands none: %s', (heading) => {
    expect(asideNamesMachine(heading)).toBe(false);
  });

  test.each(['Upgrade (on the node)', 'Stop it (on each worker)', 'Stop it (on db-2)', 'Stop it (on the old primary)'])(
    'told by a heading: %s',
    (heading) => expect(labelsOf(`${BEGUN}## ${heading}\n\n${block('systemctl stop app')}`)).toEqual(['run', 'manual']),
  );

  test('"(on the server)" is the only one there is', () =>
    expect(labelsOf(`${BEGUN}## Stop it (on the server)\n\n${block('systemctl stop app')}`)).toEqual(['run', 'run']));

  test('to the end of the section, until the text says that one is back', () => {
    const text = `SSH into the standby:\n\n${block('systemctl stop app')}Copy the data:\n\n${block('cp -r a b')}`;
    const back = `Back on your machine:\n\n${block('make note')}`;
    expect(labelsOf(`${BEGUN}## Stop it\n\n${text}${back}## Tell it\n\n${block('make news')}`)).toEqual([
      'run',
      'manual',
      'manual',
      'run',
      'run',
    ]);
  });

  test('what is copied there first is typed by the person who goes there, and so is what follows', () => {
    const there = `SSH into the standby. Copy the file first:\n\n${block('scp app.tgz standby:/srv')}Restart it:\n\n${block('systemctl restart app')}`;
    expect(labelsOf(`${BEGUN}## Stop it\n\n${there}`)).toEqual(['run', 'manual', 'manual']);
  });

  test.each([
    ['containers run there, too', 'Restart it:', 'docker restart web'],
    ['a cluster is asked from there, too', 'Look:', 'kubectl delete pod web-1'],
    ['"the machine" is that one', 'On the machine, stop it:', 'systemctl stop app'],
  ])('%s', (_, text, code) => {
    const there = `SSH into the standby:\n\n${block('systemctl stop db')}${text}\n\n${block(code)}`;
    expect(labelsOf(`${BEGUN}## Stop it\n\n${there}`)).toEqual(['run', 'manual', 'manual']);
  });

  test('in a rollback it is taken back there, and no step of the procedure', () => {
    const text = `${BEGUN}## Rollback\n\nSSH into the standby.\n\n${block('systemctl start app')}`;
    expect(decided(text).at(-1)).toMatchObject({ label: 'manual', undoes: true });
  });

  test('told by an item that holds no code', () => {
    const items = `1. SSH into the standby.\n2. Stop it:\n\n${block('systemctl stop app', '   ')}`;
    expect(labelsOf(`${BEGUN}## Stop it\n\n${items}`)).toEqual(['run', 'manual']);
  });

  test('told above the sub-headings of a section', () => {
    const text = `## Standby\n\nSSH into the standby.\n\n### Stop\n\n${block('systemctl stop app')}## Primary\n\n${block('make it')}`;
    expect(labelsOf(`${BEGUN}${text}`)).toEqual(['run', 'manual', 'run']);
  });

  test.each(['## On the old primary', '## On the replica', '### Step 3: On the standby'])(
    'told by a heading: %s',
    (heading) => {
      const two = `${heading}\n\n${block('systemctl stop app')}${block('rm -r data')}`;
      expect(labelsOf(`${BEGUN}## Move\n\n${block('make it')}${two}`)).toEqual(['run', 'run', 'manual', 'manual']);
    },
  );

  test('what follows it without a word is typed there, too', () => {
    const two = `On the new node:\n\n${block('systemctl stop app')}${block('systemctl start app')}`;
    expect(labelsOf(`${BEGUN}## Move\n\n${two}## Tell it\n\n${block('make news')}`)).toEqual([
      'run',
      'manual',
      'manual',
      'run',
    ]);
  });

  test.each([
    ['a section', '## Step 2: Go there\n\nSSH into db-2.\n\n'],
    ['a block', `## Step 2: Go there\n\n${block('ssh deploy@db-2')}`],
  ])(
    'where %s is nothing but the way there, whether that machine is this one is asked before what follows',
    (_, way) => {
      const found = decided(`${BEGUN}${way}## Step 3: Stop\n\n${block('systemctl stop app')}${block('rm -r data')}`);
      expect(found.find(({ script }) => script === 'systemctl stop app')?.stop).toMatchObject({ where: true });
    },
  );

  test('told by the comment on top', () => {
    const code = block('# ssh to db2 first\nsystemctl stop app');
    expect(labelsOf(`${BEGUN}## Stop it\n\n${code}`)).toEqual(['run', 'manual']);
  });
});

describe('where it is told before anything is done, one question asks whether this is the machine', () => {
  const both = `## Stop\n\n${block('systemctl stop app')}## Start\n\n${block('systemctl start app')}`;

  test.each([
    ['below the title', `# Ops\n\nSSH into the standby.\n\n${both}`],
    ['above the first block', `# Ops\n\n## Prepare\n\nSSH into the standby.\n\n${block('make note')}${both}`],
    [
      'in the first item',
      `# Ops\n\n## Prepare\n\n1. SSH into the standby.\n2. Note it:\n\n${block('make it', '   ')}${both}`,
    ],
    ['above a file', `# Ops\n\n## Prepare\n\nSSH into the standby.\n\n\`\`\`yaml\na: 1\n\`\`\`\n\n${both}`],
  ])('%s', (_, text) => {
    const acting = decided(text).filter(({ label }) => label !== 'leave_out');
    expect(acting.map(({ label, stop }) => [label, stop])).toEqual([
      ['run', { says: 'SSH into the standby.', inCase: false, where: true }],
      ...acting.slice(1).map(() => ['run', undefined]),
    ]);
  });

  test('in words that name it', async () => {
    const text = `# Ops\n\nSSH into the standby.\n\n${both}`;
    const { plan } = await compileRunbook({ text, file: 'ops.md' }, builtIn().contracts);
    expect(plan.steps[0]?.args['instructions']).toContain('on its own machine');
  });
});

test.each([
  ['it goes there itself', 'SSH into the standby and stop it:', 'ssh standby systemctl stop app'],
  ['a page', 'Log in to the server console in the browser, then:', 'make deploy'],
  ['a registry', 'Log in to Docker Hub:', 'make deploy'],
  ['a database by its client', 'Connect to the database server:', 'psql -h db -c "update t set a = 1"'],
  ['a name that is no machine', 'Log in to Auth0 and copy the domain. Then:', 'make deploy'],
  ['what runs on any', 'On the first server start:', 'make deploy'],
  ['where it logs to', 'It logs to the server:', 'make deploy'],
  ['traffic that is switched', 'Switch traffic to the new server:', 'make deploy'],
  ['whether one can', 'Now you can SSH into the server:', 'make deploy'],
])('what is typed here runs: %s', (_, text, code) => {
  expect(labelsOf(`${BEGUN}## Do it\n\n${text}\n\n${block(code)}`)).not.toContain('manual');
});
