import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Embedded, openEmbedded } from '#db/embedded.js';
import { placeCluster } from '#db/place.js';
import type { RunView } from '#operations/runs/get.js';
import { Cli } from '../harness/cli.js';
import { removeCluster } from '../harness/cluster.js';

const PLANS = {
  'asking-back.yaml': `
title: Asks before it takes back
workspace: { kind: inplace }
onFailure: rollback
steps:
  - id: make
    tool: shell
    args: { run: touch made }
    rollback:
      - { id: ask, kind: system, action: manual, args: { guards: [unmake], instructions: May it go? } }
      - { id: unmake, tool: shell, args: { run: rm made } }
  - { id: break, tool: shell, dependsOn: [make], args: { run: exit 7 }, rollback: [] }
`,
  'late-back.yaml': `
title: Takes back at the second try
workspace: { kind: inplace }
onFailure: rollback
steps:
  - id: make
    tool: shell
    args: { run: touch late }
    rollback:
      - { id: unmake, tool: shell, idempotent: true, args: { run: test -e allowed } }
  - { id: break, tool: shell, dependsOn: [make], args: { run: exit 7 }, rollback: [] }
`,
  'failing-check.yaml': `
title: Fails its check
workspace: { kind: inplace }
steps:
  - id: make
    tool: shell
    args: { run: echo done }
    verifiers:
      - id: up
        kind: shell
        config: { run: 'echo first; echo "$TOKEN is refused"; echo "no route to host" >&2; exit 1', env: { TOKEN: '{{ secrets.TOKEN }}' } }
`,
  'pasted.yaml': `
title: Paste it
steps:
  - id: paste
    kind: system
    action: manual
    args:
      instructions: |
        Paste:
        cat > f <<'EOF'
          one
        EOF
`,
  'asking-values.yaml': `
title: Asks with values
inputSchema: { type: object, required: [from], properties: { from: { type: string } } }
steps:
  - { id: sure, kind: system, action: manual, args: { guards: [copy], instructions: 'Copy {{ inputs.from }} over all, {{ inputs.from }} with {{ secrets.TOKEN }}?' } }
  - { id: copy, tool: shell, dependsOn: [sure], args: { run: 'true' } }
`,
};
const SECRET = 'correct-horse-battery';

let folder: string;
let embedded: Embedded;
let cli: Cli;
const seen = async (...args: string[]) => (await cli.call('show', 'last', ...args)).stdout;
const view = async () => (await cli.call('show', 'last', '--json')).json<RunView>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsroom-told-'));
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

test('what somebody said no to in a rollback is named as not undone', async () => {
  expect((await cli.call('run', 'asking-back.yaml')).code).toBe(3);
  await cli.call('resolve', 'last', 'make/ask', '--as', 'skip', '--reason', 'It is needed.');
  expect(await view()).toMatchObject({ status: 'rolled_back', error: { code: 'STEP_FAILED' } });
  expect(await seen()).toContain('not undone: make (its rollback was left out)');
});

test('a rollback that failed and was done at last leaves no fault of its own', async () => {
  await cli.call('run', 'late-back.yaml');
  expect(await view()).toMatchObject({ status: 'failed', error: { code: 'ROLLBACK_INCOMPLETE' } });
  await writeFile(join(folder, 'allowed'), '');
  await cli.call('resolve', 'last', 'make/unmake', '--as', 'retry', '--reason', 'It may.');
  expect(await view()).toMatchObject({ status: 'rolled_back', notUndone: [] });
  const told = await seen();
  expect(told).not.toContain('ROLLBACK_INCOMPLETE');
  expect(told).toMatch(/^STEP_FAILED: .*code 7/m);
});

test('a check that fails says what its program printed, secrets masked', async () => {
  const { stdout, stderr } = await cli.call('run', 'failing-check.yaml');
  const said = /\n {4}up: The exit code is 1, expected 0\n {6}first\n {6}\S+ is refused\n {6}no route to host\n?$/m;
  for (const text of [stdout, await seen()]) {
    expect(text).toMatch(said);
    expect(text).not.toContain(SECRET);
  }
  expect(stderr).toContain('expected 0: no route to host');
});

test('what a person is to paste keeps its lines', async () => {
  const lines = "\nPaste:\ncat > f <<'EOF'\n  one\nEOF\n";
  expect((await cli.call('run', 'pasted.yaml')).stdout).toContain(lines);
  expect(await seen()).toContain(lines);
  expect(await seen('--step', 'paste')).toContain(lines);
});

test('a question shows the values of its run, as they are, and no secret', async () => {
  const { stdout } = await cli.call('run', 'asking-values.yaml', '--input', 'from=/srv/{{ a }}');
  for (const told of [stdout, (await view()).waiting?.what, await seen()]) {
    expect(told).toMatch(
      /asks whether copy may be done\. Copy \/srv\/\{\{ a \}\} over all, \/srv\/\{\{ a \}\} with \S+\?/,
    );
    expect(told).not.toContain(SECRET);
  }
});
