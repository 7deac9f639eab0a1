import { join } from 'node:path';
import { z } from 'zod';
import { compilePlan } from '#compile/compile.js';
import type { Database } from '#db/database.js';
import { loadAttempts } from '#execute/ledger/store.js';
import { openLogs } from '#execute/logs/logs.js';
import type { Ports } from '#execute/ports.js';
import type { RunRow } from '#execute/records.js';
import { findRun } from '#execute/runs/store.js';
import { submitRun } from '#execute/submit.js';
import { Worker, type WorkerOptions } from '#execute/worker.js';
import type { CallContext, CheckInput, Tool, ToolContract, ToolResult, VerifierKind } from '#ir/calls.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { PlanSource } from '#ir/plan.js';
import { systemClock } from '#kit/clock.js';
import { createLogger } from '#observe/log.js';
import { createMask } from '#observe/redact.js';
import { link } from '#record/chain.js';
import { loadOrCreateSigningKey } from '#record/keys.js';
import { sealRun } from '#record/seal.js';
import { unsealedRuns } from '#record/seal-store.js';

export const ORG = '00000000-0000-7000-8000-000000000001';
/** No more than a test has. */
const PATIENCE_MS = 20_000;
const anything = z.record(z.string(), z.json()) as unknown as z.ZodType<JsonObject>;

/** A tool that is a function of this process: what engine tests and benchmarks run instead of a real program. */
export function functionTool(
  id: string,
  run: (args: JsonObject, context: CallContext) => Promise<ToolResult> | ToolResult,
): Tool {
  const contract: ToolContract = {
    id,
    summary: id,
    defaultAction: 'run',
    actions: ['run'],
    args: anything,
    literal: [],
    isReadOnly: () => false,
  };
  return { contract, run: async (_action, args, context) => run(args, context) };
}

interface Found {
  readonly passed: boolean;
  readonly evidence?: JsonValue;
}

/** A verifier of kind `custom` that is a function of this process. */
export function functionVerifier(
  check: (input: CheckInput, context: CallContext) => Found | Promise<Found>,
): VerifierKind {
  return {
    contract: {
      kind: 'custom',
      summary: 'function',
      config: anything,
      literal: [],
      subject: () => 'outside',
      expectation: ['expect'],
    },
    check: async (input, context) => {
      const { passed, evidence = {} } = await check(input, context);
      return { passed, summary: passed ? 'as expected' : 'not as expected', evidence };
    },
  };
}

export const ok = (output: JsonValue = null): ToolResult => ({ ok: true, output, isolation: 'none' });
export const failed = (message: string, retryable?: boolean): ToolResult => ({
  ok: false,
  output: null,
  isolation: 'none',
  error: { code: 'STEP_FAILED', message, ...(retryable === undefined ? {} : { retryable }) },
});

export interface Engine {
  readonly database: Database;
  readonly ports: Ports;
  /** Puts a plan into the queue. */
  submit(
    plan: PlanSource,
    more?: {
      inputs?: JsonObject;
      lane?: string;
      host?: string | null;
      by?: string;
      parent?: string;
      restart?: number;
      from?: string;
      temp?: boolean;
      folder?: string;
    },
  ): Promise<string>;
  worker(options?: Partial<WorkerOptions>): Promise<Worker>;
  run(id: string): Promise<RunRow>;
  /** Resolves when the run has a status for which `done` says yes; rejects after a bounded time, naming the last status. */
  until(id: string, done: (run: RunRow) => boolean): Promise<RunRow>;
  attempts(id: string): ReturnType<typeof loadAttempts>;
}

export interface EngineOptions {
  readonly tools?: readonly Tool[];
  readonly verifier?: VerifierKind;
  readonly ports?: Partial<Ports>;
  readonly keys: string;
}

/** The engine over a database, with function tools: `noop` and what the test brings. */
export async function testEngine(database: Database, url: string, options: EngineOptions): Promise<Engine> {
  const tools = new Map(
    [functionTool('noop', () => ok({})), ...(options.tools ?? [])].map((tool) => [tool.contract.id, tool]),
  );
  const verifiers = new Map(options.verifier ? [[options.verifier.contract.kind, options.verifier]] : []);
  const key = await loadOrCreateSigningKey(options.keys);
  const mask = createMask(new Map());
  const ports: Ports = {
    tools,
    verifiers,
    checkPrecondition: async (p) => ({
      ok: p !== 'command:absent',
      missing: 'absent is not installed',
      mend: 'install it',
    }),
    schemaMismatch: () => undefined,
    link,
    keepArtefacts: async () => [],
    seal: async (org, run) =>
      void (await database.engineTx((tx) => sealRun(tx, org, run, { key, version: 'test', now: () => new Date() }))),
    unsealed: () => unsealedRuns(database.engine, 100),
    secrets: async () => ({
      values: {},
      mask,
      note: async () => undefined,
      isBound: () => false,
      admit: async () => undefined,
    }),
    restart: async () => undefined,
    workspaces: join(options.keys, 'workspaces'),
    openWorkspaces: [],
    runFolders: join(options.keys, 'runs'),
    forkRunFolder: async () => undefined,
    clock: systemClock,
    random: () => 0,
    planEnv: {},
    stepEnv: { PATH: '/usr/bin:/bin' },
    ...options.ports,
  };
  const log = createLogger({ level: 'warn', destination: 'stderr', mask });
  const contracts = {
    tools: new Map([...tools].map(([id, tool]) => [id, tool.contract])),
    verifiers: new Map([...verifiers].map(([kind, verifier]) => [kind, verifier.contract])),
    knownPrecondition: () => true,
  };
  const run = async (id: string) => {
    const found = await findRun(database.engine, ORG, id);
    if (!found) throw new Error(`no run ${id}`);
    return found;
  };
  return {
    database,
    ports,
    run,
    submit: (plan, more = {}) => {
      const compiled = compilePlan({ value: plan as unknown as JsonValue }, contracts);
      return submitRun(database, ports, {
        org: ORG,
        plan: compiled.plan,
        planDigest: compiled.digest,
        inputs: more.inputs ?? {},
        requestedBy: more.by ?? 'tester',
        host: more.host === undefined ? null : more.host,
        workspace: more.temp
          ? { kind: 'temp', path: more.parent ? join(ports.workspaces, more.parent) : ports.workspaces }
          : { kind: 'inplace', path: more.folder ?? process.cwd() },
        lane: more.lane,
        ...(more.restart === undefined ? {} : { restart: more.restart }),
        fork: more.parent ? { parent: more.parent, from: more.from } : undefined,
      });
    },
    worker: (more = {}) =>
      Worker.start({
        database,
        directUrl: url,
        ports,
        logs: openLogs(database.pool({ name: 'logs', max: 4, synchronousCommit: 'off' })),
        log,
        host: 'here',
        takes: 'all',
        runs: 16,
        parallel: 64,
        leaseMs: 3000,
        logDays: 90,
        keeper: { fd: -1, killAll: '' },
        ...more,
      }),
    until: async (id, done) => {
      const deadline = performance.now() + PATIENCE_MS;
      for (;;) {
        const now = await run(id);
        if (done(now)) return now;
        if (performance.now() > deadline) throw new Error(await story(database, now));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    attempts: (id) => loadAttempts(database.engine, ORG, id, ['a', 'b', 'c', 'd']),
  };
}

export const ended = (run: RunRow): boolean => ['succeeded', 'failed', 'rolled_back', 'cancelled'].includes(run.status);

/** What a run that did not come to the expected end went through, for the failure's message. */
async function story(database: Database, run: RunRow): Promise<string> {
  const { rows } = await database.engine.query(
    'select seq, type, step_id, data from opsroom.events where run_id = $1 order by seq',
    [run.id],
  );
  const events = rows.map((e) => `${e.seq} ${e.type} ${e.step_id ?? ''} ${JSON.stringify(e.data)}`);
  return [
    `run ${run.id} is ${run.status} after ${PATIENCE_MS / 1000} s: ${JSON.stringify(run.error ?? run.parked)}`,
    ...events,
  ].join('\n');
}
