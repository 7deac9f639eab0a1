import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '#db/database.js';
import { type Embedded, openEmbedded } from '#db/embedded.js';
import { placeCluster } from '#db/place.js';
import type { DiffView } from '#operations/plans/diff.js';
import type { ReplayView } from '#operations/runs/replay.js';
import { Cli } from '../harness/cli.js';
import { removeCluster } from '../harness/cluster.js';
import { verifies } from '../harness/requirements.js';

const steps = (say: string) => `
  - id: say
    tool: shell
    args: { run: 'echo ${say} > said' }
    verifiers:
      - { id: said, kind: shell, config: { run: 'cat said', stdoutContains: ${say} } }
`;
const PLANS = {
  'one.yaml': `title: Say it\ntarget: { environment: staging }\nworkspace: { kind: temp }\nsteps:${steps('hello')}  - { id: end, tool: shell, args: { run: 'true' }, dependsOn: [say] }\n`,
  'other.yaml': `title: Say it\ntarget: { environment: production }\nworkspace: { kind: temp }\nsteps:\n  - { id: more, tool: http, args: { url: 'https://a.example' } }${steps('bye')}`,
};

let folder: string;
let embedded: Embedded;
let cli: Cli;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsroom-diff-'));
  for (const [name, text] of Object.entries(PLANS)) await writeFile(join(folder, name), text);
  const home = join(folder, 'home');
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  embedded = await openEmbedded(home, quiet);
  cli = new Cli(folder, { OPSROOM_HOME: home });
}, 60_000);
afterAll(async () => {
  await embedded?.stop();
  await removeCluster(await placeCluster(join(folder, 'home')));
  await rm(folder, { recursive: true, force: true });
});

const changed = [
  { path: 'args.run', before: 'echo hello > said', after: 'echo bye > said' },
  // Without `dependsOn`, a step comes after the one before it.
  { path: 'dependsOn.0', after: 'more' },
  { path: 'verifiers.said.config.stdoutContains', before: 'hello', after: 'bye' },
];

/** Members of a plan that the database has kept stand in another order. */
const inOrder = (found: DiffView['plan'] = []) => found.toSorted((a, b) => (a.path < b.path ? -1 : 1));

test(verifies('PLAN-07', 'two files, by step, without a room'), async () => {
  const { code, stdout } = await cli.call('diff', 'one.yaml', 'other.yaml', '--json');
  const view = JSON.parse(stdout) as DiffView;
  expect(code).toBe(1);
  expect(view.plan).toEqual([{ path: 'target.environment', before: 'staging', after: 'production' }]);
  expect(view.policy.map(({ path }) => path)).toEqual(['environment', 'tools.0', 'tools.1']);
  expect(view.steps.map(({ id, change }) => [id, change])).toEqual([
    ['more', 'added'],
    ['say', 'changed'],
    ['end', 'removed'],
  ]);
  expect(inOrder(view.steps[1]?.differences)).toEqual(changed);
  const same = await cli.call('diff', 'one.yaml', 'one.yaml');
  expect([same.code, same.stdout]).toEqual([0, expect.stringContaining('The same plan: ')]);
});

test(verifies('PLAN-07', 'a run against a file, and a file against its last run'), async () => {
  const { runId } = (await cli.call('run', 'one.yaml', '--json')).json<{ runId: string }>();
  const view = (await cli.call('diff', runId, 'other.yaml', '--json')).json<DiffView>();
  expect([view.before.runId, view.same, view.unchanged]).toEqual([runId, false, 0]);
  expect(inOrder(view.steps.find(({ id }) => id === 'say')?.differences)).toEqual(changed);
  const alone = (await cli.call('diff', 'one.yaml', '--json')).json<DiffView>();
  expect([alone.before.runId, alone.same]).toEqual([runId, true]);
  const byDigest = (await cli.call('diff', view.before.digest, 'last', '--json')).json<DiffView>();
  expect(byDigest.same).toBe(true);
  // Production was never run: there is nothing to compare with.
  const never = await cli.call('diff', 'other.yaml');
  expect([never.code, never.stderr]).toEqual([2, expect.stringContaining('nothing to compare it with')]);
});

test(verifies('RUN-11', 'from the command line: the same decisions, or the step at which they part'), async () => {
  const held = await cli.call('replay', 'last');
  expect([held.code, held.stdout]).toEqual([
    0,
    expect.stringContaining('decisions follow from the records, no difference'),
  ]);
  const database = openDatabase({
    url: embedded.url,
    directUrl: embedded.url,
    applicationName: 'test',
    max: 1,
    log: undefined as never,
  });
  await database.engine.query(`update opsroom.step_attempts set status = 'skipped' where step_id = 'end'`);
  await database.close();
  const parted = await cli.call('replay', 'last', '--json');
  const view = parted.json<ReplayView & { error: { code: string } }>();
  expect([parted.code, view.same, view.difference?.step, view.error.code]).toEqual([1, false, 'end', 'REPLAY_DIFFERS']);
});
