import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, loadDependency } from '../lib/product.mjs';
import { check, TOOLS } from '../lib/tools.mjs';

const ORG = '00000000-0000-7000-8000-000000000001';

/**
 * Opsroom as it is wired in production (operations/ports.ts, the real worker, sealing included), with a function as tool
 * and as verifier where the layer says so. Lanes and the cap per user are widened.
 *
 * @param host `here` where other workers stand beside, who have not these tools
 */
export async function open({ url, layer, host = null }) {
  const [{ openDatabase }, { migrate }, { openLogs }, { Worker }, { submitRun }, { compilePlan }] = await Promise.all(
    [
      'db/database.js',
      'db/migrate.js',
      'execute/logs/logs.js',
      'execute/worker.js',
      'execute/submit.js',
      'compile/compile.js',
    ].map(load),
  );
  const home = await mkdtemp(join(tmpdir(), 'opsroom-bench-home-'));
  const log = await quietLog();
  const database = openDatabase({ url, directUrl: url, applicationName: 'bench', max: 10, log });
  await migrate(database);
  await database.engine.query('update opsroom.lanes set width = 1000');
  await database.engine.query('update opsroom.organisations set running_per_user = 1000');

  const ended = new Map();
  const sealed = new Map();
  let called = () => undefined;
  const { ports, contracts, keeper, heard } = await wiring({ database, home, layer, onCall: () => called() });
  const seal = ports.seal;
  ports.seal = async (org, run) => {
    settle(ended, run);
    await seal(org, run);
    settle(sealed, run);
  };
  const worker = await Worker.start({
    database,
    directUrl: url,
    ports,
    logs: openLogs(database.pool({ name: 'logs', max: 2, synchronousCommit: 'off' })),
    log,
    host: 'here',
    takes: 'all',
    runs: 64,
    parallel: 64,
    leaseMs: 15_000,
    keeper: { fd: keeper?.fd ?? -1, killAll: keeper?.killAll ?? '' },
    logDays: 90,
  });

  const plans = new Map();
  const compiled = (shape, size) => {
    const key = `${shape} ${size}`;
    if (!plans.has(key)) plans.set(key, compilePlan({ value: planOf(shape, size, layer) }, contracts));
    return plans.get(key);
  };
  const submit = async (shape, size) => {
    const { plan, digest } = compiled(shape, size);
    const submission = { org: ORG, plan, planDigest: digest, inputs: {}, requestedBy: 'bench', host };
    const run = await submitRun(database, ports, { ...submission, workspace: { kind: 'inplace', path: home } });
    const end = waitFor(ended, run);
    const bundle = waitFor(sealed, run);
    return { end, bundle };
  };
  return {
    note: 'seals a signed bundle at the end of each run',
    prepare: (shape, size) => void compiled(shape, size),
    compile: (shape, size) => compilePlan({ value: planOf(shape, size, layer) }, contracts),
    /** The product's own tool without the engine, ms a call; undefined where the tool is this folder's. */
    bareTool: heard && ((count) => bareTool(heard, home, layer, count)),
    /** Resolves once the run has ended and its bundle is sealed. `onEnd` hears of the end itself. */
    run: async (shape, size, onEnd) => {
      const { end, bundle } = await submit(shape, size);
      void end.then(onEnd);
      await bundle;
    },
    firstStep: async () => {
      const begin = performance.now();
      const first = new Promise((resolve) => {
        called = () => resolve(performance.now() - begin);
      });
      const { bundle } = await submit('chain', 3);
      const ms = await first;
      await bundle;
      return ms;
    },
    worker,
    database,
    close: async () => {
      await worker.drain(1000);
      keeper?.close();
      await database.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function quietLog() {
  const [{ createLogger }, { createMask }] = await Promise.all(['observe/log.js', 'observe/redact.js'].map(load));
  return createLogger({ level: 'warn', destination: 'stderr', mask: createMask(new Map()) });
}

async function wiring({ database, home, layer, onCall }) {
  const [{ enginePorts }, { loadConfig }, { loadOrCreateSigningKey }, secretsOf, sandbox, { shellTool }] =
    await Promise.all(
      [
        'operations/ports.js',
        'kit/config.js',
        'record/keys.js',
        'secrets/source.js',
        'sandbox/keeper.js',
        'tools/shell/tool.js',
      ].map(load),
    );
  const [{ RoomSecrets }, { Vault }, { systemClock }] = await Promise.all(
    ['secrets/room-secrets.js', 'secrets/vault.js', 'kit/clock.js'].map(load),
  );
  const { z } = await loadDependency('zod');
  const anything = z.record(z.string(), z.json());
  const noop = {
    contract: {
      id: 'noop',
      summary: 'noop',
      defaultAction: 'run',
      actions: ['run'],
      args: anything,
      literal: [],
      isReadOnly: () => false,
    },
    run: async () => {
      onCall();
      return { ok: true, output: await TOOLS.noop(), isolation: 'none' };
    },
  };
  const kind = {
    contract: {
      kind: 'custom',
      summary: 'function',
      config: anything,
      literal: [],
      subject: () => 'outside',
      expectation: ['expect'],
    },
    check: async ({ phase }) => ({ ...check(phase), summary: phase }),
  };
  const keeper = layer.tool === 'noop' ? undefined : sandbox.startKeeper({ graceMs: 3000 });
  const shell = keeper && shellTool({ keeper, hidden: [home] });
  const heard = shell && {
    ...shell,
    run: (...call) => {
      onCall();
      return shell.run(...call);
    },
  };
  const tools = new Map([noop, ...(heard ? [heard] : [])].map((tool) => [tool.contract.id, tool]));
  const kinds = new Map([['custom', kind]]);
  const none = secretsOf.environmentSecrets(new Map());
  const secrets = new RoomSecrets({
    vault: new Vault({ folder: home, variable: undefined }),
    database,
    environment: none,
    file: none,
    own: ORG,
    clock: systemClock,
    learn: () => undefined,
  });
  const key = await loadOrCreateSigningKey(home);
  const config = loadConfig({ PATH: process.env.PATH, HOME: home });
  const ports = enginePorts({ config, database, home, key, version: 'bench', secrets, tools, kinds });
  const contracts = {
    tools: new Map([...tools].map(([id, tool]) => [id, tool.contract])),
    verifiers: new Map([...kinds].map(([id, verifier]) => [id, verifier.contract])),
    knownPrecondition: () => true,
  };
  return {
    ports: { ...ports },
    contracts,
    heard,
    keeper: keeper && Object.assign(keeper, { killAll: sandbox.KILL_ALL }),
  };
}

/** What an attempt gives a tool, as far as the shell tool looks at it. */
async function bareTool(tool, workspace, layer, count) {
  const context = {
    id: { org: ORG, runId: ORG, stepId: 's', item: -1, revision: 0, attempt: 1 },
    idempotencyKey: 'bench',
    workspace,
    env: { PATH: process.env.PATH, HOME: workspace },
    signal: new AbortController().signal,
    timeoutMs: 60_000,
    isolation: { level: layer.tool === 'sandboxed' ? 'bubblewrap' : 'none', network: layer.tool !== 'sandboxed' },
    allowAddresses: [],
    readOnly: false,
    log: () => undefined,
  };
  const begin = performance.now();
  for (let n = 0; n < count; n++) {
    const { ok, error } = await tool.run('run', { run: 'true' }, context);
    if (!ok) throw new Error(error.message);
  }
  return (performance.now() - begin) / count;
}

/** A plan of `size` steps: a `chain`, where each waits for the one before, or a `fan`, where none waits. */
function planOf(shape, size, layer) {
  const verifiers = [{ id: 'there', kind: 'custom', config: { expect: true } }];
  const steps = Array.from({ length: size }, (_, n) => ({
    id: `s${n}`,
    ...(layer.tool === 'noop' ? { tool: 'noop' } : { tool: 'shell', args: { run: 'true' } }),
    ...(layer.tool === 'sandboxed' ? { sandbox: { level: 'bubblewrap', network: false } } : {}),
    ...(shape === 'chain' && n > 0 ? { dependsOn: [`s${n - 1}`] } : {}),
    ...(layer.verified ? { verifiers } : {}),
  }));
  return { apiVersion: 'opsroom/v1', title: `${shape} of ${size}`, steps };
}

function entry(waiting, run) {
  let found = waiting.get(run);
  if (!found) {
    found = {};
    found.promise = new Promise((resolve) => {
      found.resolve = resolve;
    });
    waiting.set(run, found);
  }
  return found;
}

const settle = (waiting, run) => entry(waiting, run).resolve();

const waitFor = async (waiting, run) => {
  await entry(waiting, run).promise;
  waiting.delete(run);
};
