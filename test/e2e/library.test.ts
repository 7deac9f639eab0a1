import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pdf } from '../fixtures/documents.js';
import { testDatabase } from '../harness/database.js';
import { verifies } from '../harness/requirements.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
let app: string;

/** Below the checkout's own node_modules, where Node finds the package's dependencies without another installation. */
beforeAll(async () => {
  const cache = join(root, 'node_modules/.cache/opsroom');
  await mkdir(cache, { recursive: true });
  app = await mkdtemp(join(cache, 'packed-'));
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', app], { cwd: root });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  const installed = join(app, 'node_modules/opsroom');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', join(app, filename), '-C', installed, '--strip-components=1']);
  await writeFile(join(app, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(join(app, 'greet.yaml'), GREETING);
});
afterAll(() => rm(app, { recursive: true, force: true }));

async function evaluate(program: string, more: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const env = { ...process.env, ...more };
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: app, env });
  return JSON.parse(stdout);
}

const GREETING = `
title: Greet
inputSchema: { type: object, required: [who], properties: { who: { type: string }, times: { type: integer, default: 1 } } }
steps:
  - { id: greet, tool: shell, args: { run: 'echo "$WHO"', env: { WHO: "{{ inputs.who }}" } } }
`;

test(verifies('KEEP-13', 'compilePlan of a packed tarball compiles a plan file and fills its inputs in'), async () => {
  const plan = await evaluate(`
    import { compilePlan, planDigest } from 'opsroom';
    const plan = await compilePlan({ kind: 'plan', source: 'greet.yaml', context: { who: 'you' } });
    console.log(JSON.stringify({ inputs: plan.inputs, steps: plan.steps.map(({ id, kind }) => ({ id, kind })), digest: planDigest(plan) }));
  `);
  expect(plan).toEqual({
    inputs: { who: 'you', times: 1 },
    steps: [{ id: 'greet', kind: 'tool' }],
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('a runbook compiles as well, with a section of it alone, and what is of another kind is refused', async () => {
  await writeFile(
    join(app, 'ops.md'),
    '# Ops\n\n## Rotate\n\n```sh\ncp a b\n```\n\n## Restart\n\n```sh\nsystemctl restart app\n```\n',
  );
  const found = await evaluate(`
    import { compilePlan } from 'opsroom';
    const compiled = (source, kind = 'runbook') => compilePlan({ kind, source }).then(
      ({ steps }) => steps.map(({ args }) => args.run),
      ({ code }) => code,
    );
    console.log(JSON.stringify([await compiled('ops.md#rotate'), await compiled('ops.md', 'plan'), await compiled('greet.yaml')]));
  `);
  expect(found).toEqual([['cp a b'], 'USAGE', 'USAGE']);
});

test(
  verifies('KEEP-13', 'templates, Spec Kit and documents compile as well, and what is of another kind is refused'),
  async () => {
    // Its own project: without one, that of the checkout around it.
    await mkdir(join(app, '.specify'), { recursive: true });
    await mkdir(join(app, 'specs/001-shop'), { recursive: true });
    await writeFile(
      join(app, 'specs/001-shop/tasks.md'),
      '# Shop\n\n- [ ] T001 Create src/a.ts\n- [ ] T002 [P] Look\n',
    );
    await writeFile(
      join(app, 'flow.yml'),
      'workflow: \n  name: Flow\nsteps:\n  - { id: plan, command: speckit.plan }\n'.replace('workflow: ', 'workflow:'),
    );
    await writeFile(join(app, 'ops.pdf'), pdf([['Restart', '$ systemctl restart shop']]));
    const found = await evaluate(`
    import { compilePlan } from 'opsroom';
    const compiled = (kind, source, context) => compilePlan({ kind, source, context }).then(
      ({ steps, inputs }) => [steps.map(({ id }) => id).join(), Object.keys(inputs).length],
      ({ code }) => code,
    );
    console.log(JSON.stringify([
      await compiled('template', 'http-health-check', { url: 'https://shop.example' }),
      await compiled('spec', 'specs/001-shop'),
      await compiled('spec', 'flow.yml'),
      await compiled('doc', 'ops.pdf'),
      await compiled('template', 'nothing-of-the-kind'),
      await compiled('spec', 'greet.yaml'),
      await compiled('plan', 'flow.yml'),
      await compiled('doc', 'nothing.pdf'),
    ]));
  `);
    expect(found).toEqual([
      ['answer,words', expect.any(Number)],
      ['T001,T002', 0],
      ['plan', 0],
      [expect.stringContaining('restart'), 0],
      'NOT_FOUND',
      'USAGE',
      'USAGE',
      'PLAN_UNREADABLE',
    ]);
  },
);

test(
  verifies('KEEP-13', 'an orchestrator works through a plan: initialize, start, getState, pause, resume, stop'),
  async () => {
    const db = await testDatabase();
    const room = { DATABASE_URL: db.url, OPSROOM_HOME: join(app, 'room') };
    await writeFile(
      join(app, 'two.yaml'),
      'title: Two\nsteps:\n  - { id: one, tool: shell, args: { run: "sleep 1" } }\n  - { id: two, tool: shell, args: { run: "true" }, readOnly: true }\n',
    );
    const found = await evaluate(
      `
    import { createOrchestrator } from 'opsroom';
    const orchestrator = createOrchestrator({ kind: 'plan', source: 'two.yaml' });
    const before = orchestrator.getState();
    const ready = await orchestrator.initialize();
    const early = await orchestrator.pause().catch(({ code }) => code);
    const started = await orchestrator.start();
    await orchestrator.pause();
    while (orchestrator.getState().currentPhase !== 'paused' || orchestrator.getState().isRunning) await new Promise((go) => setTimeout(go, 50));
    const paused = orchestrator.getState();
    await orchestrator.resume();
    const end = await orchestrator.finished();
    const second = createOrchestrator({ kind: 'plan', source: 'greet.yaml', context: { who: 'you' } });
    await second.start();
    const stopped = await second.stop();
    console.log(JSON.stringify({ before, ready, early, started, paused, end, stopped }));
  `,
      room,
    );
    await db.close();
    expect(found).toMatchObject({
      before: { currentPhase: 'planning', isRunning: false, runId: null },
      ready: { goal: 'Two', currentPhase: 'ready', totalTasks: 2, overallProgress: 0, isRunning: false },
      early: 'NOT_ALLOWED_NOW',
      started: { isRunning: true, currentPhase: 'execution', isAutonomous: true },
      paused: { currentPhase: 'paused', isRunning: false },
      end: { currentPhase: 'completed', completedTasks: 2, overallProgress: 100, isRunning: false },
      stopped: { isRunning: false, currentPhase: expect.stringMatching(/stopped|completed/) },
    });
  },
);

test('an orchestrator that is initialized and started at once opens one room, and leaves it whole', async () => {
  const db = await testDatabase();
  const room = { DATABASE_URL: db.url, OPSROOM_HOME: join(app, 'once') };
  const found = await evaluate(
    `
    import { createOrchestrator } from 'opsroom';
    const orchestrator = createOrchestrator({ kind: 'plan', source: 'greet.yaml', context: { who: 'you' } });
    import pg from 'pg';
    const begun = await Promise.all([orchestrator.initialize(), orchestrator.initialize(), orchestrator.start()]);
    const ends = await Promise.all([orchestrator.finished(), orchestrator.finished()]);
    const client = new pg.Client(process.env.DATABASE_URL);
    await client.connect();
    const { rows } = await client.query("select application_name as app from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
    await client.end();
    const left = rows.map(({ app }) => app).filter((app) => app.startsWith('opsroom'));
    console.log(JSON.stringify({ begun: begun.map(({ goal }) => goal), ends: ends.map(({ currentPhase }) => currentPhase), left }));
  `,
    room,
  );
  await db.close();
  expect(found).toEqual({ begun: ['Greet', 'Greet', 'Greet'], ends: ['completed', 'completed'], left: [] });
});

test('an orchestrator that is left while it starts cancels, or waits for, the run that comes of it', async () => {
  const db = await testDatabase();
  const room = { DATABASE_URL: db.url, OPSROOM_HOME: join(app, 'left') };
  await writeFile(join(app, 'slow.yaml'), "title: Slow\nsteps: [{ id: nap, tool: shell, args: { run: 'sleep 1' } }]\n");
  const found = await evaluate(
    `
    import { createOrchestrator } from 'opsroom';
    const left = async (how) => {
      const orchestrator = createOrchestrator({ kind: 'plan', source: 'slow.yaml' });
      const started = orchestrator.start();
      const { runId, currentPhase } = await orchestrator[how]();
      return { began: (await started).runId === runId, currentPhase };
    };
    console.log(JSON.stringify({ stop: await left('stop'), finished: await left('finished') }));
  `,
    room,
  );
  await db.close();
  expect(found).toEqual({
    stop: { began: true, currentPhase: 'stopped' },
    finished: { began: true, currentPhase: 'completed' },
  });
});

test('what does not compile says what, where and how to mend it', async () => {
  await writeFile(join(app, 'broken.yaml'), GREETING.replace('tool: shell', 'tool: shel'));
  const error = await evaluate(`
    import { compilePlan, OpsroomError } from 'opsroom';
    const error = await compilePlan({ kind: 'plan', source: 'broken.yaml' }).catch((error) => error);
    console.log(JSON.stringify({ known: error instanceof OpsroomError, ...error.toJSON() }));
  `);
  expect(error).toMatchObject({ known: true, code: 'PLAN_INVALID', message: expect.stringContaining('broken.yaml:5') });
});

test(
  verifies(
    'KEEP-13',
    'McpClient of a packed tarball lists and calls the tools of a real server, and refuses what is none',
  ),
  async () => {
    const everything = join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js');
    const found = await evaluate(`
    import { McpClient } from 'opsroom';
    const client = new McpClient();
    await client.connect({ id: 's1', name: 'everything', transport: 'stdio', command: process.execPath, args: [${JSON.stringify(everything)}] });
    const tools = await client.listTools('s1');
    const sum = await client.invokeTool('s1', 'get-sum', { a: 2, b: 3 });
    const code = (work) => work.then(() => 'none', ({ code }) => code);
    const refused = [
      await code(client.invokeTool('s1', 'get-sum', { a: 'two' })),
      await code(client.invokeTool('s1', 'nothing')),
      await code(client.connect({ id: 's2', name: 'x', transport: 'websocket', url: 'wss://x.example' })),
      await code(client.connect({ id: 's3', name: 'x', transport: 'http', url: 'http://127.0.0.1:8123/mcp' })),
    ];
    await client.disconnect('s1');
    refused.push(await code(client.listTools('s1')));
    console.log(JSON.stringify({ tool: tools.find(({ name }) => name === 'get-sum'), sum, refused }));
  `);
    expect(found).toMatchObject({
      tool: { server_id: 's1', name: 'get-sum', inputSchema: { type: 'object' } },
      sum: { isError: false, text: expect.stringContaining('5') },
      refused: ['ARGUMENT_INVALID', 'NOT_FOUND', 'USAGE', 'ADDRESS_REFUSED', 'NOT_FOUND'],
    });
  },
);

test('the types that come with it fit a strict program', async () => {
  await writeFile(
    join(app, 'typed.ts'),
    `import { compilePlan, createOrchestrator, type Orchestrator, type Plan } from 'opsroom';
     const plan: Plan = await compilePlan({ kind: 'plan', source: 'greet.yaml', context: { who: 'you' } });
     export const ids: string[] = plan.steps.map((step) => step.id);
     const orchestrator: Orchestrator = createOrchestrator({ kind: 'spec', source: 'specs/001-shop', seen: true });
     export const progress: number = orchestrator.getState().overallProgress;
     // @ts-expect-error there is no such kind
     await compilePlan({ kind: 'wish', source: 'x' });`,
  );
  const options = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--target',
    'es2023',
    '--module',
    'nodenext',
    '--types',
    'node',
    '--skipLibCheck',
  ];
  await expect(
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options, 'typed.ts'], { cwd: app }),
  ).resolves.toBeDefined();
});

test('what is packed is the program and its documentation, without tests and without sources', async () => {
  const { files } = JSON.parse(await readFile(join(app, 'node_modules/opsroom/package.json'), 'utf8'));
  expect(files).toContain('dist');
  const { stdout } = await run('tar', ['-tzf', (await run('ls', [app])).stdout.match(/opsroom-.*\.tgz/)?.[0] ?? ''], {
    cwd: app,
  });
  const packed = stdout.trim().split('\n');
  expect(packed).toEqual(
    expect.arrayContaining([
      'package/dist/library.js',
      'package/dist/db/migrations/0001_roles_and_organisations.sql',
      'package/LICENSE',
    ]),
  );
  expect(packed.filter((path) => /\.test\.|^package\/(src|test|bench)\//.test(path))).toEqual([]);
});
