import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { JsonObject } from '#ir/json.js';
import { verifies } from '../../../test/harness/requirements.js';
import { builtIn } from '../../operations/contracts.js';
import { compilePlan } from '../compile.js';
import { exportPlan } from './export.js';

interface WorkflowStep {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

const { contracts } = builtIn();
const exported = (steps: JsonObject[], more: JsonObject = {}) =>
  exportPlan(compilePlan({ value: { title: 'x', ...more, steps } }, contracts).plan, 'github-actions');
const shell = (id: string, order: number, run: string, more: JsonObject = {}): JsonObject => ({
  id,
  title: id,
  tool: 'shell',
  args: { run, session: { name: 'main', order } },
  ...more,
});
const inOrder = (steps: JsonObject[]): JsonObject[] =>
  steps.map((step, at) => ({ ...step, dependsOn: at === 0 ? [] : [steps[at - 1]?.['id'] ?? ''] }));

/** Does what a runner does with the steps of the first job, with bash as GitHub calls it. @returns what each that ran printed, and its exit code */
function carriedOut(text: string, inputs: Readonly<Record<string, string>> = {}) {
  const [job] = Object.values<{ steps: WorkflowStep[] }>(parse(text).jobs);
  const workspace = mkdtempSync(join(tmpdir(), 'opsroom-workflow-'));
  const temp = mkdtempSync(join(tmpdir(), 'opsroom-runner-'));
  const filled = (value: string) =>
    value
      .replaceAll(/\$\{\{ inputs\.(\w+) \}\}/g, (_, name: string) => inputs[name] ?? '')
      .replaceAll('${{ runner.temp }}', temp);
  const outcomes: Record<string, string> = {};
  const printed: Record<string, string> = {};
  let hasFailed = false;
  for (const { id, name = '', if: when, env = {}, run } of job?.steps ?? []) {
    const undone = [...(when ?? '').matchAll(/steps\.([\w-]+)\.outcome/g)].some(
      ([, of]) => outcomes[of ?? ''] === 'success',
    );
    if (run === undefined || (when === undefined ? hasFailed : !(hasFailed && undone))) continue;
    const given = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, filled(value)]));
    const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
      cwd: workspace,
      env: {
        PATH: process.env['PATH'],
        HOME: '/home/runner',
        RUNNER_TEMP: temp,
        GITHUB_ENV: `${temp}/env-of-${name}`,
        ...given,
      },
      encoding: 'utf8',
      timeout: 60_000,
    });
    if (id !== undefined) outcomes[id] = status === 0 ? 'success' : 'failure';
    hasFailed ||= status !== 0;
    printed[name] = `${stdout}${stderr}${status === 0 ? '' : `exit ${status}`}`.trim();
  }
  return { printed, workspace };
}

test(verifies('PLAN-08', 'scripts of a session go on in a workflow where the one before ended'), () => {
  const { text, notes } = exported(
    inOrder([
      shell(
        'begin',
        0,
        'mkdir -p "a b" && cd "a b"\nNAME="it\'s $HOME"; export OPEN=1; list=(x "y z"); readonly FIXED=1\ngreet() { echo "hi $1"; }\numask 027',
      ),
      shell('look', 1, 'echo "$PWD|$NAME|$OPEN|${list[1]}|$(umask)|$GITHUB_ENV"; greet you'),
      {
        id: 'given',
        title: 'given',
        tool: 'shell',
        args: {
          run: 'echo "$NAME"; ASKED=$WHO',
          env: { NAME: 'handed', WHO: '{{ inputs.who }}' },
          session: { name: 'main', order: 2 },
        },
      },
      // As in the room: what a script was handed is not carried on, whatever had that name before.
      shell('after', 3, 'echo "${NAME:-not kept}|$ASKED|${WHO:-not kept}"'),
    ]),
    { inputSchema: { type: 'object', properties: { who: { type: 'string' } } } },
  );
  expect(notes).toEqual([]);
  const { printed, workspace } = carriedOut(text, { who: '$(id) "; exit 3 #' });
  expect(printed['look']).toMatch(/\/a b\|it's .*\|1\|y z\|0027\|.*env-of-look\nhi you$/);
  expect(printed['look']?.startsWith(workspace)).toBe(true);
  expect(printed['given']).toBe('handed');
  expect(printed['after']).toBe('not kept|$(id) "; exit 3 #|not kept');
});

/** What the last of these scripts prints when they go on in one session, one after another. */
function lastOf(...scripts: string[]): string | undefined {
  const { printed } = carriedOut(exported(inOrder(scripts.map((run, at) => shell(`s${at}`, at, run)))).text);
  return printed[`s${scripts.length - 1}`];
}

test(
  verifies('PLAN-08', 'read-only variables go on in a workflow as in the room, as ones that may be set anew'),
  () => {
    const last = lastOf(
      'readonly FIXED="a\n  b"; declare -rx OUT=2; declare -ar LIST=(x \'y z\'); set -u',
      'echo "$FIXED|${LIST[1]}"; env | grep ^OUT; FIXED=3; echo "$FIXED"',
    );
    expect(last).toBe('a\n  b|y z\nOUT=2\n3');
  },
);

test.each([
  ['sets an EXIT trap', 'mkdir in; cd in; trap "echo over $?" EXIT; X=1'],
  ['takes its EXIT trap back', 'mkdir in; cd in; trap true EXIT; X=1; trap - EXIT'],
  ['has a function set it', 'mkdir in; cd in; X=1; tidy() { trap "echo over" EXIT; }; tidy'],
  ['fails in its EXIT trap without that counting', 'mkdir in; cd in; X=1; trap "false || :" EXIT'],
])('a script that %s keeps its state in a workflow', (_what, script) => {
  expect(lastOf(script, 'echo "${PWD##*/} $X"')).toBe('in 1');
});

test('what a script wants done at its end is done in a workflow, with the exit code that it had', () => {
  expect(lastOf('trap "echo over \\$?; rm -f x" EXIT; touch x')).toBe('over 0');
  expect(lastOf('X=1', 'trap "echo over \\$?" EXIT; X=2; false')).toBe('over 1\nexit 1');
  expect(lastOf('tidy() { trap "echo over" EXIT; }', 'tidy; Y=1', 'echo $Y')).toBe('1');
});

test('traps for ERR and RETURN work in a workflow as ever, beside one for EXIT', () => {
  const script = "trap 'echo over' EXIT; set +e; trap 'echo bad' ERR; false; trap - ERR; true";
  expect(lastOf(script)).toBe('bad\nover');
  expect(
    lastOf("guarded() { trap 'echo bad' ERR; trap - ERR; }", "trap 'echo over' EXIT; set +e; guarded; false; :"),
  ).toBe('over');
});

test('functions with the names of commands lead no script of a workflow into another folder', () => {
  const script = 'mkdir in; cd in; X=1; cd() { :; }; printf() { :; }; umask() { :; }; read() { :; }; pwd() { :; }';
  expect(lastOf(script, 'builtin echo "${PWD##*/} $X"')).toBe('in 1');
});

test(
  verifies('PLAN-08', 'what fails leaves nothing in the session, and is taken back in the folder where it was'),
  () => {
    const back = {
      id: 'undo',
      title: 'Undo',
      tool: 'shell',
      args: {
        run: 'echo "$PWD" >> undone; echo "${LOST:-kept}"',
        session: { name: 'main', order: 99_999, after: true },
      },
    };
    const steps = [
      shell('make', 0, 'mkdir made && cd made'),
      shell('change', 1, 'echo changed > state', {
        rollback: [{ ...back, alsoUndoes: ['make'] }],
        verifiers: [
          {
            id: 'good',
            kind: 'shell',
            config: { run: 'grep good state', session: { name: 'main', order: 2 }, withinMs: 1 },
          },
        ],
      }),
    ];
    const { printed, workspace } = carriedOut(exported(inOrder(steps)).text);
    expect(printed['change: check good']).toContain('exit 1');
    expect(printed['Take back: change']).toBe('kept');
    expect(readFileSync(join(workspace, 'made/undone'), 'utf8')).toBe(`${join(workspace, 'made')}\n`);
  },
);

test(verifies('PLAN-08', 'what begins at the start does so in a workflow, and so does what takes it back'), () => {
  const start = (order: number, more: JsonObject = {}) => ({ name: 'main', order, folder: 'start', ...more });
  const undo = { run: 'cd repo && echo "$REF" >> undone', session: start(99_999, { after: true }) };
  const check = { run: 'cd repo && grep never deployed', session: start(2), withinMs: 1 };
  const steps = [
    shell('build', 0, 'mkdir repo && cd repo && REF=v1'),
    shell('deploy', 1, 'cd repo && echo "$REF" > deployed', {
      args: { run: 'cd repo && echo "$REF" > deployed', session: start(1) },
      rollback: [{ id: 'undo', title: 'Undo', tool: 'shell', args: undo }],
      verifiers: [{ id: 'good', kind: 'shell', config: check }],
    }),
  ];
  const { text, notes } = exported(inOrder(steps));
  expect(notes.join()).not.toContain('folder');
  const { printed, workspace } = carriedOut(text);
  expect(printed['deploy']).toBe('');
  expect(printed['deploy: check good']).toBe('exit 1');
  expect(readFileSync(join(workspace, 'repo/undone'), 'utf8')).toBe('v1\n');
});

test(verifies('PLAN-08', 'a name that nothing set ends a script of a session, as in the room'), () => {
  const { printed } = carriedOut(exported([shell('a', 0, 'echo "rm -rf $UNSET/"')]).text);
  expect(printed['a']).toContain('UNSET: unbound variable');
});

test(verifies('PLAN-08', 'a session does not reach into another job, where it would begin with nothing'), () => {
  const asks = { id: 'ask', title: 'Ask', kind: 'system', action: 'manual', args: { instructions: 'Look.' } };
  const { notes } = exported(inOrder([shell('a', 0, 'DIR=/srv'), asks, shell('b', 1, 'rm -rf "$DIR"/old')]));
  expect(notes.join()).toContain('b: a workflow has no counterpart of going on in a session that began in another job');
});

test(verifies('PLAN-08', 'what a rollback asks about is not done in a workflow, which can ask nobody'), () => {
  const ask = {
    id: 'sure',
    title: 'Sure?',
    kind: 'system',
    action: 'manual',
    args: { instructions: 'Drop it?', guards: ['drop'] },
  };
  const drop = { id: 'drop', title: 'Drop', tool: 'shell', args: { run: 'echo dropped > dropped' } };
  const { text, notes } = exported([
    shell('a', 0, 'true', { verifiers: [{ id: 'v', kind: 'shell', config: { run: 'false' } }], rollback: [ask, drop] }),
  ]);
  expect(notes.join()).toContain('a rollback that asks first');
  expect(text).not.toContain('dropped');
  expect(carriedOut(text).printed['Take back: a']).toContain('exit 1');
});

/** A program that says so before it listens, and ends by itself. */
const serves = (port: number) =>
  `node -e 'console.log("up"); require("net").createServer().listen(${port}, "127.0.0.1"); setTimeout(process.exit, 5000)'`;

test(
  verifies('PLAN-08', 'a program in the background is waited for, and its end before that fails the step'),
  async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    taken.close();
    await once(taken, 'close');
    const background = (run: string, ready: JsonObject) =>
      exported([{ id: 'serve', title: 'serve', tool: 'shell', action: 'background', args: { run, ready } }]);
    const { text, notes } = background(serves(port), { port });
    expect(notes).toEqual([]);
    expect(carriedOut(text).printed['serve']).toBe('up');
    expect(carriedOut(background('echo broken; exit 7', { aliveMs: 500 }).text).printed['serve']).toBe(
      'broken\nexit 1',
    );
  },
);
