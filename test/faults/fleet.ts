import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { sendSignal } from '#execute/control.js';
import type { SignalKind, SignalPayload } from '#execute/records.js';
import type { Tool } from '#ir/calls.js';
import { hasEnded, type RunStatus } from '#ir/state.js';
import { compileProgram } from '../harness/compiled.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { type Engine, ORG, testEngine } from '../harness/engine.js';
import { eventually } from '../harness/processes.js';
import type { MemberOptions } from './member.js';
import { effectMade, FAULTS_SCHEMA, faultTools } from './tools.js';

export interface Member {
  readonly child: ChildProcess;
  readonly host: string;
  readonly exited: Promise<unknown>;
  /** What it said on stderr. */
  said(): string;
}

const PARTS = ['compile', 'db', 'execute', 'ir', 'kit', 'observe', 'record'];

/** What the workers of a fleet are, and know beside the fault tools. */
interface Crew {
  readonly program: string;
  /** Folders of src/ that the program needs beside the engine's. */
  readonly parts: readonly string[];
  readonly tools: readonly Tool[];
}
const PLAIN: Crew = { program: 'test/faults/worker-process.ts', parts: [], tools: [] };

export const LEASE_MS = 1500;

/** A database with workers in processes of their own around it, and what a test needs to disturb them. */
export class Fleet {
  readonly members = new Set<Member>();
  /** Workers that ended by themselves, with what they said: never allowed. */
  readonly crashes: string[] = [];

  private constructor(
    readonly db: TestDatabase,
    readonly engine: Engine,
    private readonly folder: string,
    private readonly program: string,
  ) {}

  /** @param own a database that is not on the cluster that the test run shares */
  static async open(own?: TestDatabase, { program: source, parts, tools }: Crew = PLAIN): Promise<Fleet> {
    const folder = await mkdtemp(join(tmpdir(), 'opsroom-faults-'));
    const [program, db] = await Promise.all([
      compileProgram(folder, [...PARTS, ...parts], source),
      own ?? testDatabase(),
    ]);
    await db.database.engine.query(FAULTS_SCHEMA);
    const engine = await testEngine(db.database, db.url, {
      tools: [...faultTools(undefined, () => undefined), ...tools],
      verifier: effectMade(undefined),
      keys: folder,
    });
    return new Fleet(db, engine, folder, program);
  }

  get sql(): Pool {
    return this.db.database.engine;
  }

  /** Starts a worker; resolves once it takes work, or has ended. */
  async spawn(more: Partial<MemberOptions> = {}): Promise<Member> {
    const { url } = this.db;
    const options: MemberOptions = {
      url,
      effectsUrl: url,
      keys: this.folder,
      host: 'here',
      leaseMs: LEASE_MS,
      ...more,
    };
    const child = spawn(process.execPath, [this.program, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-20_000);
    });
    const exited = once(child, 'exit');
    const member = { child, host: options.host, exited, said: () => said };
    this.members.add(member);
    child.once('exit', (code, signal) => {
      this.members.delete(member);
      if (signal !== 'SIGKILL' && code !== 0) this.crashes.push(`exit ${code} ${signal}: ${said}`);
    });
    if (child.stdout) await Promise.race([once(child.stdout, 'data'), exited]);
    return member;
  }

  async kill(member: Member): Promise<void> {
    member.child.kill('SIGKILL');
    await member.exited;
  }

  /** Asks a run for something, or finds that it cannot be asked for now. */
  async send(run: string, kind: SignalKind, payload: Partial<SignalPayload> = {}): Promise<boolean> {
    const signal = { org: ORG, run, kind, payload: { reason: 'fault test', ...payload }, by: 'tester' };
    return sendSignal(this.db.database, this.engine.ports, signal).then(
      () => true,
      (error: { code?: string }) => {
        if (error.code !== 'NOT_ALLOWED_NOW') throw error;
        return false;
      },
    );
  }

  /** Resolves when each run has ended or is parked with a reason; answers how many are in which status. */
  async settled(runs: readonly string[], withinMs = 60_000): Promise<Partial<Record<RunStatus, number>>> {
    const read = async () => {
      const text =
        'select id, status, parked is not null and wake_at is null as parked from opsroom.runs where id = any ($1)';
      return (await this.sql.query<{ id: string; status: RunStatus; parked: boolean }>(text, [runs])).rows;
    };
    const open = async () =>
      (await read()).filter((r) => !hasEnded(r.status) && !(r.parked && ['waiting', 'paused'].includes(r.status)));
    await eventually(async () => (await open()).length === 0, withinMs).catch(async () => {
      // Those that moved last tell most; what waits in a lane behind them tells nothing.
      const stuck = (await open()).toSorted((a, b) => Number(a.status === 'queued') - Number(b.status === 'queued'));
      const stories = await Promise.all(stuck.slice(0, 3).map((r) => this.story(r.id)));
      const { rows: workers } = await this.sql.query(
        'select id, pid, pool_id, beats, beat_at, now() from opsroom.workers',
      );
      const counts = stuck.map((r) => r.status).join(' ');
      throw new Error(
        [counts, JSON.stringify(workers), ...stories, ...this.crashes, ...[...this.members].map((m) => m.said())].join(
          '\n',
        ),
      );
    });
    const rows = await read();
    if (rows.length !== runs.length) throw new Error(`${runs.length - rows.length} acknowledged runs are gone`);
    return rows.reduce<Partial<Record<RunStatus, number>>>(
      (n, r) => ({ ...n, [r.status]: (n[r.status] ?? 0) + 1 }),
      {},
    );
  }

  /** What a run went through. */
  async story(run: string): Promise<string> {
    const lines = async (text: string) =>
      (await this.sql.query(text, [run])).rows.map((row) => `  ${JSON.stringify(row)}`);
    return [
      `run ${run}`,
      ...(await lines('select status, mode, epoch, owner, parked, error, takeovers from opsroom.runs where id = $1')),
      ...(await lines('select before, after, at from faults.history where run = $1 order by n')),
      ...(await lines(
        'select seq, type, step_id, item, attempt, data, at from opsroom.events where run_id = $1 order by seq',
      )),
      ...(await lines(
        'select step_id, item, attempt, status, epoch from opsroom.step_attempts where run_id = $1 order by 1, 2, 3',
      )),
      ...(await lines('select kind, consumed_at, outcome from opsroom.signals where run_id = $1 order by id')),
    ].join('\n');
  }

  /** Drains every worker that is left, as a service manager would. */
  async drain(): Promise<void> {
    const left = [...this.members];
    for (const { child } of left) child.kill('SIGTERM');
    await Promise.all(left.map((m) => m.exited));
  }

  async close(): Promise<void> {
    await Promise.all([...this.members].map((m) => this.kill(m)));
    await this.db.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
