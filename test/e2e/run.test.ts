import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Embedded, openEmbedded } from '#db/embedded.js';
import { placeCluster } from '#db/place.js';
import { Cli } from '../harness/cli.js';
import { removeCluster } from '../harness/cluster.js';
import { verifies } from '../harness/requirements.js';

const SECRET = 'correct-horse-battery';
const PLANS = {
  // Its second step fails once.
  'flaky.yaml': `
title: Flaky
workspace: { kind: inplace }
retry: { maxAttempts: 3, backoffMs: 100 }
steps:
  - { id: first, tool: shell, args: { run: echo done >> first.log } }
  - { id: second, tool: shell, dependsOn: [first], args: { run: 'echo try >> second.log; test "$(wc -l < second.log)" -eq 2' } }
`,
  'hopeless.yaml': `
title: Hopeless
workspace: { kind: inplace }
retry: { maxAttempts: 2, backoffMs: 100 }
steps:
  - { id: only, tool: shell, args: { run: echo try >> only.log; false } }
`,
  'lacking.yaml': `
title: Lacking
workspace: { kind: inplace }
steps:
  - { id: deploy, tool: shell, preconditions: ['command:no-such-program'], args: { run: touch deployed } }
`,
  'talking.yaml': `
title: Talking
steps:
  - id: talk
    tool: shell
    args: { run: 'echo "the token is $TOKEN" > said', env: { TOKEN: '{{ secrets.TOKEN }}' } }
    verifiers:
      - { id: said, kind: shell, config: { run: 'cat said; head -c 200000 /dev/zero | tr "\\0" x' } }
`,
};

let folder: string;
let embedded: Embedded;
let cli: Cli;
const linesOf = async (file: string) => (await readFile(join(folder, file), 'utf8')).trim().split('\n').length;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsroom-restart-'));
  for (const [name, text] of Object.entries(PLANS)) await writeFile(join(folder, name), text);
  const home = join(folder, 'home');
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  // Held open, so that each command finds the database running.
  embedded = await openEmbedded(home, quiet);
  cli = new Cli(folder, { OPSROOM_HOME: home, OPSROOM_SECRET_TOKEN: SECRET });
}, 60_000);

afterAll(async () => {
  await embedded?.stop();
  await removeCluster(await placeCluster(join(folder, 'home')));
  await rm(folder, { recursive: true, force: true });
});

test(verifies('RUN-19', 'a run that failed starts anew by itself and does again only what was not done'), async () => {
  const done = await cli.call('run', 'flaky.yaml', '--json');
  expect(done.code, done.stderr).toBe(0);
  expect(done.json()).toMatchObject({ status: 'succeeded' });
  expect([await linesOf('first.log'), await linesOf('second.log')]).toEqual([1, 2]);
  const runs = (await cli.call('runs', '--json')).json<{ runs: { title: string; status: string }[] }>().runs;
  expect(runs.filter(({ title }) => title === 'Flaky').map(({ status }) => status)).toEqual(['succeeded', 'failed']);
});

test(verifies('RUN-19', 'a run that goes on failing is started as often as its plan says, and no more'), async () => {
  const done = await cli.call('run', 'hopeless.yaml', '--json');
  expect(done.code, done.stderr).toBe(1);
  expect(await linesOf('only.log')).toBe(2);
});

test(verifies('RUN-05', 'what a step lacks is said with how to get it, before anything is done'), async () => {
  const done = await cli.call('run', 'lacking.yaml');
  expect(done.code, done.stderr).toBe(1);
  expect(done.stdout).toContain('PRECONDITION_FAILED');
  expect(done.stdout).toMatch(/no-such-program.*not/);
  await expect(readFile(join(folder, 'deployed'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test(verifies('PROOF-02', 'a verdict is kept with its evidence, capped, and with secrets masked'), async () => {
  const { runId } = (await cli.call('run', 'talking.yaml', '--json')).json<{ runId: string }>();
  const file = join(folder, 'talking.proof.json');
  await cli.call('proofs', runId, '--out', file);
  const bundle = await readFile(file, 'utf8');
  const texts = JSON.stringify(JSON.parse(bundle), (_key, value: unknown) =>
    typeof value === 'string' && /^[A-Za-z0-9+/]{40,}=*$/.test(value) ? Buffer.from(value, 'base64').toString() : value,
  );
  expect(texts).toContain('the token is');
  expect(texts).not.toContain(SECRET);
  expect(bundle.length).toBeLessThan(150_000);
  expect((await cli.call('verify', file)).code).toBe(0);
});
