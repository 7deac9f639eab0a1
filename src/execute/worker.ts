import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type pg from 'pg';
import type { Database } from '#db/database.js';
import type { Plan } from '#ir/plan.js';
import { OpsroomError } from '#kit/errors.js';
import { Gather } from '#kit/gather.js';
import type { Logger } from '#observe/log.js';
import { Driver, type SegmentEnd } from './drive/drive.js';
import { Committer } from './ledger/commit.js';
import { loadPlan, type Taken, takeRuns } from './ledger/store.js';
import type { LogStore } from './logs/logs.js';
import type { Ports } from './ports.js';
import type { BeatMessage } from './workers/beat.js';
import { type Dispatch, type Hint, startDispatch } from './workers/dispatch.js';
import { type Heartbeat, startHeartbeat } from './workers/heartbeat.js';
import { Housekeeping } from './workers/housekeeping.js';
import { Changes } from './workers/notify.js';
import { Places } from './workers/places.js';
import { fillLanes, releaseTo } from './workers/release.js';
import { deleteWorker, giveUpRuns, insertWorker, updateWorker } from './workers/store.js';

export interface WorkerOptions {
  readonly database: Database;
  /** Direct connection string, for the heartbeat's thread. */
  readonly directUrl: string;
  readonly ports: Ports;
  readonly logs: LogStore;
  readonly log: Logger;
  readonly host: string;
  /** `own`: takes only what `advance` is called with. */
  readonly takes: 'all' | 'own';
  /** Runs at once, and steps of one run at once. */
  readonly runs: number;
  readonly parallel: number;
  readonly leaseMs: number;
  /** Days for which step logs are kept. */
  readonly logDays: number;
  readonly keeper: { readonly fd: number; readonly killAll: string };
}

const PLANS_KEPT = 50;
/** Beyond these a statement takes longer than the commit that it saves. */
const TAKEN_AT_ONCE = 64;

/** Takes runs and drives them, proves every second that it lives, and gives up what it can no longer hold. */
export class Worker {
  private readonly drivers = new Map<string, Driver>();
  /** Runs between the question whether they can be taken and their driver. */
  private readonly taking = new Set<string>();
  /** Of these, the ones that were signalled meanwhile. */
  private readonly signalledEarly = new Set<string>();
  private readonly taker: Gather<Hint, Taken | undefined>;
  private readonly places: Places;
  private readonly plans = new Map<string, Plan>();
  private readonly committer: Committer;
  private readonly changes: Changes;
  private readonly suspects = new Set<string>();
  private id = randomUUID() as string;
  private dispatch: Dispatch | undefined;
  private heartbeat: Heartbeat | undefined;
  private signals: pg.Client | undefined;
  private housekeeping: Housekeeping | undefined;
  private draining = false;

  private constructor(private readonly options: WorkerOptions) {
    const commits = options.database.pool({ name: 'commits', max: 1, queryTimeoutMs: options.leaseMs });
    this.committer = new Committer(commits, options.ports.failpoint);
    this.changes = new Changes(options.database.engine, options.log);
    const take = async (hints: readonly Hint[]) => {
      const taken = await takeRuns(options.database.engine, this.id, hints);
      return hints.map(({ run }) => taken.get(run));
    };
    this.taker = new Gather({ work: take, most: TAKEN_AT_ONCE });
    this.places = new Places(options.runs);
  }

  /** Registers the worker, then starts to beat, to listen and to take. */
  static async start(options: WorkerOptions): Promise<Worker> {
    const worker = new Worker(options);
    await worker.join();
    await worker.listen();
    const { database, ports, log, logDays, takes } = options;
    if (takes === 'all') worker.takeReleased();
    if (takes === 'all') worker.housekeeping = new Housekeeping({ sql: database.engine, ports, log, logDays });
    return worker;
  }

  private takeReleased(): void {
    releaseTo(this.options.database.engine, {
      id: () => this.id,
      room: () => (this.draining ? 0 : this.places.free),
      take: (hint) => void this.places.enter(() => this.advance(hint)),
    });
  }

  get running(): number {
    return this.drivers.size;
  }

  private async join(): Promise<void> {
    const { database, host, takes, leaseMs, keeper, directUrl } = this.options;
    await insertWorker(database.engine, { id: this.id, host, pid: process.pid, poolId: null, takes });
    const data = { url: directUrl, worker: this.id, leaseMs, keeperFd: keeper.fd, killAll: keeper.killAll };
    this.heartbeat = startHeartbeat(
      data,
      (message) => this.onBeat(message),
      (error) => this.options.log.error({ err: error }, 'the heartbeat thread ended'),
    );
    if (takes === 'all') await this.startDispatch();
  }

  private async startDispatch(): Promise<void> {
    const { database, host, runs, leaseMs } = this.options;
    this.dispatch = await startDispatch({
      pool: database.pool({ name: 'dispatch', max: runs + 2, synchronousCommit: 'off', queryTimeoutMs: leaseMs }),
      host,
      concurrency: runs,
      handle: async (hint) => void (await this.places.enter(() => this.advance(hint))),
      onDeaf: () => void this.restartDispatch(),
    });
    await updateWorker(database.engine, this.id, { poolId: this.dispatch.poolId });
  }

  /** The dispatcher gives up for good when the database goes away, while the heartbeat goes on: alive but deaf. */
  private async restartDispatch(): Promise<void> {
    const { id } = this;
    while (!this.draining && this.id === id) {
      await new Promise((resolve) => setTimeout(resolve, this.options.leaseMs / 15));
      const started = await this.startDispatch().then(
        () => true,
        () => false,
      );
      if (started) return;
    }
  }

  /** Signals reach an owned run through here at once, and with the next beat at the latest. */
  private async listen(): Promise<void> {
    const client = await this.options.database.connectDirect();
    client.on('notification', ({ payload = '' }) => {
      if (this.taking.has(payload)) this.signalledEarly.add(payload);
      this.drivers.get(payload)?.poke();
    });
    client.on('end', () => {
      if (this.signals === client) this.signals = undefined;
    });
    await client.query('listen opsroom_signals');
    this.signals = client;
  }

  /**
   * Advances one run until it ends, parks or is lost. Undefined when there was nothing to take: the hint was late.
   * Never rejects: what goes wrong is logged, and the ledger still says whose run it is.
   */
  async advance({ org, run }: Hint): Promise<SegmentEnd | undefined> {
    if (this.drivers.has(run) || this.taking.has(run) || this.draining) return undefined;
    this.taking.add(run);
    try {
      const begun = await this.take(org, run).finally(() => {
        this.taking.delete(run);
        this.signalledEarly.delete(run);
      });
      if (!begun) return undefined;
      const end = await begun.driver.run().finally(() => this.drivers.delete(run));
      await this.segmentOver(org, run, begun.plan, begun.restart, end);
      return end;
    } catch (error) {
      this.options.log.error({ err: error, run }, 'a run could not be advanced');
      return { kind: 'lost' };
    }
  }

  private async take(org: string, run: string) {
    const { ports } = this.options;
    ports.failpoint?.('take:before');
    const taken = await this.taker.ask({ org, run });
    ports.failpoint?.('take:after');
    if (!taken) return undefined;
    const { kind, path } = taken.run.workspace;
    if (kind === 'temp') await mkdir(path, { recursive: true, mode: 0o700 });
    const plan = await this.plan(org, taken.run.plan_digest);
    const driver = new Driver(this.driverDeps(), taken, plan);
    this.drivers.set(run, driver);
    if (this.signalledEarly.has(run)) driver.poke();
    return { driver, plan, restart: taken.run.restart };
  }

  private driverDeps() {
    const { database, ports, logs, parallel } = this.options;
    const changed = (run: string) => this.changes.add(run);
    return { ports, sql: database.engine, committer: this.committer, logs, worker: this.id, parallel, changed };
  }

  private async segmentOver(org: string, run: string, plan: Plan, restart: number, end: SegmentEnd): Promise<void> {
    const { ports, log } = this.options;
    if (end.kind === 'lost') return log.warn({ err: end.why, run }, 'a run was lost; the ledger tells who goes on');
    void fillLanes(this.options.database.engine);
    if (end.kind !== 'ended') return;
    const seal = ports
      .seal(org, run)
      .catch((error: unknown) =>
        log.error({ err: error, run }, 'the proofs could not be sealed; a sweep will try again'),
      );
    if (end.status === 'failed' || end.status === 'rolled_back') await ports.restart(org, run, plan, restart);
    await seal;
    this.changes.add(run);
  }

  private async plan(org: string, digest: string): Promise<Plan> {
    const key = `${org}/${digest}`;
    const known = this.plans.get(key);
    if (known) return known;
    const plan = await loadPlan(this.options.database.engine, org, digest);
    if (!plan)
      throw new OpsroomError('NOT_FOUND', { what: 'The plan of the run is not in the ledger.', where: digest });
    if (this.plans.size >= PLANS_KEPT) this.plans.delete(this.plans.keys().next().value ?? '');
    this.plans.set(key, plan);
    return plan;
  }

  private onBeat(message: BeatMessage): void {
    if (message.kind === 'deposed') return void this.rejoin();
    if (message.kind === 'expiring') return this.loseAll('The database was out of reach for most of the lease.');
    const { owned, signalled, overdue } = message.beat;
    for (const run of signalled) this.drivers.get(run)?.poke();
    void this.resignStrays(owned);
    for (const hint of overdue.slice(0, this.places.free)) void this.places.enter(() => this.advance(hint));
    if (!this.signals && !this.draining) void this.listen().catch(() => undefined);
  }

  /** What the ledger says is ours and we do not drive, over two beats, came out of a commit with an unknown outcome. */
  private async resignStrays(owned: readonly string[]): Promise<void> {
    const strays = owned.filter((run) => !this.drivers.has(run) && !this.taking.has(run));
    const twice = strays.filter((run) => this.suspects.has(run));
    this.suspects.clear();
    for (const run of strays) this.suspects.add(run);
    if (twice.length > 0) await giveUpRuns(this.options.database.engine, this.id, twice).catch(() => undefined);
  }

  private loseAll(what: string): void {
    this.options.log.warn({ runs: this.drivers.size }, what);
    for (const driver of this.drivers.values()) driver.lose(new OpsroomError('INTERRUPTED', { what }));
  }

  /** Others thought this worker dead (it was stopped, or cut off): it starts anew under another id. */
  private async rejoin(): Promise<void> {
    this.loseAll('Another worker deposed this one: it stood still for a lease.');
    const { heartbeat, dispatch } = this;
    this.id = randomUUID();
    this.heartbeat = undefined;
    this.dispatch = undefined;
    // It may have fallen silent like the rest; the next beat listens anew.
    void this.signals?.end();
    this.signals = undefined;
    await heartbeat?.stop();
    // Over connections that fell silent it would stop only when each has timed out.
    void dispatch?.stop();
    while (!this.draining && !(await this.joinAgain()))
      await new Promise((resolve) => setTimeout(resolve, this.options.leaseMs / 15));
  }

  private async joinAgain(): Promise<boolean> {
    try {
      await this.join();
      return true;
    } catch (error) {
      this.options.log.warn({ err: error }, 'the worker could not join again yet');
      await this.heartbeat?.stop();
      this.heartbeat = undefined;
      this.id = randomUUID();
      return false;
    }
  }

  /**
   * Stops: takes nothing new, waits up to `drainMs` for what runs, or until `hurry` aborts, ends the rest as interrupted,
   * and gives its runs back.
   */
  async drain(drainMs: number, hurry?: AbortSignal): Promise<void> {
    this.draining = true;
    this.housekeeping?.stop();
    if (this.options.takes === 'all') releaseTo(this.options.database.engine, undefined);
    await updateWorker(this.options.database.engine, this.id, { draining: true }).catch(() => undefined);
    const dispatched = this.dispatch?.stop();
    await this.settled(drainMs, hurry);
    for (const driver of this.drivers.values()) driver.stop(new OpsroomError('INTERRUPTED'));
    await this.settled(drainMs);
    await dispatched;
    await this.heartbeat?.stop();
    await giveUpRuns(this.options.database.engine, this.id, null).catch(() => undefined);
    await this.changes.flush();
    await deleteWorker(this.options.database.engine, this.id).catch(() => undefined);
    await this.signals?.end();
  }

  private async settled(withinMs: number, hurry?: AbortSignal): Promise<void> {
    const until = performance.now() + withinMs;
    while (this.drivers.size > 0 && performance.now() < until && hurry?.aborted !== true)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
