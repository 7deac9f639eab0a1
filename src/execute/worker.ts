import type pg from 'pg';
import type { Database } from '#db/database.js';
import type { Plan } from '#ir/plan.js';
import { asOpsroomError, OpsroomError } from '#kit/errors.js';
import { Gather } from '#kit/gather.js';
import type { Logger } from '#observe/log.js';
import type { SegmentEnd } from './drive/closing.js';
import { Driver } from './drive/drive.js';
import { Committer } from './ledger/commit.js';
import { type Taken, takeRuns } from './ledger/store.js';
import type { LogStore } from './logs/logs.js';
import type { Ports } from './ports.js';
import type { Beat } from './workers/beat.js';
import { Bell } from './workers/bell.js';
import type { Hint } from './workers/dispatch.js';
import { Held } from './workers/held.js';
import { Housekeeping } from './workers/housekeeping.js';
import { LedgerClock } from './workers/ledger-clock.js';
import { Membership } from './workers/membership.js';
import { Changes } from './workers/notify.js';
import { Places } from './workers/places.js';
import { Plans } from './workers/plans.js';
import { fillLanes, releaseTo } from './workers/release.js';
import { giveUpRuns } from './workers/store.js';
import { Strays } from './workers/strays.js';
import { parkUnable } from './workers/unable.js';
import { prepareWorkspace } from './workers/workspaces.js';

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

/** Beyond these a statement takes longer than the commit that it saves. */
const TAKEN_AT_ONCE = 64;
/** For steps to end that were told to, and for what they came to to be written down. */
const STOPPED_MS = 20_000;

/** Takes runs and drives them, proves every second that it lives, and gives up what it can no longer hold. */
export class Worker {
  private readonly drivers = new Map<string, Driver>();
  /** Runs between the question whether they can be taken and their driver. */
  private readonly taking = new Set<string>();
  /** Of these, the ones that were signalled meanwhile. */
  private readonly signalledEarly = new Set<string>();
  private readonly strays = new Strays();
  private readonly ports: Ports;
  private readonly commits: pg.Pool;
  private readonly committer: Committer;
  private readonly changes: Changes;
  private readonly plans: Plans;
  private readonly bell: Bell;
  private readonly membership: Membership;
  private readonly taker: Gather<Hint, Taken | undefined>;
  private readonly places: Places;
  private readonly held: Held;
  private housekeeping: Housekeeping | undefined;
  private draining = false;
  private readonly crashing = new AbortController();
  /** The time to drain is over: what is still taken is given back at once. */
  private stopping = false;
  /** Runs that are being taken, driven, or sealed after their end. */
  private advancing = 0;
  /** Told when one of them is done with. */
  private emptied: () => void = () => undefined;

  private constructor(private readonly options: WorkerOptions) {
    const { database, log, leaseMs } = options;
    const clock = new LedgerClock(options.ports.clock);
    this.ports = { ...options.ports, clock, wall: options.ports.clock };
    this.commits = database.pool({ name: 'commits', max: 1, queryTimeoutMs: leaseMs });
    this.committer = new Committer(this.commits, options.ports.failpoint);
    this.changes = new Changes(database.engine, log);
    this.plans = new Plans(database.engine);
    this.bell = new Bell(database, (run) => this.signalled(run));
    this.membership = new Membership(
      { ...options, clock },
      {
        advance: (hint) => this.enter(hint),
        beat: (beat) => this.onBeat(beat),
        crashed: (error) => this.crash(error),
        survived: () => void this.housekeeping?.once(),
        lost: (what) => this.loseAll(what),
      },
    );
    this.places = new Places(options.runs);
    this.held = new Held({
      sql: database.engine,
      tools: this.ports.tools,
      worker: () => this.membership.id,
      drives: (run) => this.drivers.has(run) || this.taking.has(run),
    });
    this.taker = new Gather({ work: (hints) => this.takeAll(hints), most: TAKEN_AT_ONCE });
  }

  /** Registers the worker, then starts to beat, to listen and to take. One that cannot leaves nothing behind. */
  static async start(options: WorkerOptions): Promise<Worker> {
    const worker = new Worker(options);
    try {
      await worker.membership.join();
      await worker.bell.listen();
    } catch (error) {
      // What is left behind is told; why it did not begin is what whoever started it must learn.
      await worker.drain(0).catch((left: unknown) => options.log.warn({ err: left }, 'a worker left something behind'));
      throw error;
    }
    const { database, log, logDays, takes } = options;
    const { ports } = worker;
    if (takes === 'all') worker.takeReleased();
    if (takes === 'all') worker.housekeeping = new Housekeeping({ sql: database.engine, ports, log, logDays });
    return worker;
  }

  private takeReleased(): void {
    releaseTo(this.options.database.engine, {
      id: () => this.membership.id,
      room: () => (this.draining ? 0 : this.places.free),
      take: (hint) => void this.enter(hint),
    });
  }

  /** Advances a run once there is a place for it. */
  private enter(hint: Hint): Promise<SegmentEnd | undefined> {
    return this.places.enter(() => this.advance(hint));
  }

  /**
   * Aborts, with the reason, when the worker can no longer prove that it owns its runs and must be drained at once: others
   * will take them after its lease.
   */
  get failure(): AbortSignal {
    return this.crashing.signal;
  }

  get running(): number {
    return this.drivers.size;
  }

  /**
   * Advances one run until it ends, parks or is lost. Undefined when there was nothing to take: the hint was late.
   * Never rejects: what goes wrong is logged, and the ledger still says whose run it is.
   */
  async advance({ org, run }: Hint): Promise<SegmentEnd | undefined> {
    if (this.drivers.has(run) || this.taking.has(run) || this.draining) return undefined;
    this.taking.add(run);
    this.advancing += 1;
    try {
      const begun = await this.take(org, run).finally(() => {
        this.taking.delete(run);
        this.signalledEarly.delete(run);
      });
      if (!begun) return undefined;
      const end = await begun.driver.run().finally(() => this.drivers.delete(run));
      await this.segmentOver(org, run, begun.plan, end);
      return end;
    } catch (error) {
      this.options.log.error({ err: error, run }, 'a run could not be advanced');
      return { kind: 'lost' };
    } finally {
      this.advancing -= 1;
      this.emptied();
    }
  }

  private async takeAll(hints: readonly Hint[]): Promise<(Taken | undefined)[]> {
    const taken = await takeRuns(this.options.database.engine, this.membership.id, hints);
    return hints.map(({ run }) => taken.get(run));
  }

  private async take(org: string, run: string) {
    const { ports } = this;
    ports.failpoint?.('take:before');
    const taken = await this.taker.ask({ org, run });
    ports.failpoint?.('take:after');
    if (!taken) return undefined;
    const begun = await this.begin(taken).catch((error: unknown) => this.unable(taken, error));
    if (!begun) return undefined;
    const { driver, plan } = begun;
    this.drivers.set(run, driver);
    if (this.signalledEarly.has(run)) driver.poke();
    if (this.stopping) driver.stop(new OpsroomError('INTERRUPTED'));
    return { driver, plan };
  }

  /** @throws OpsroomError when the run is at fault; what the database throws is no fault of the run */
  private async begin(taken: Taken) {
    const hold = await prepareWorkspace(this.options.database.engine, taken.run);
    const plan = await this.plans.get(taken.run.org_id, taken.run.plan_digest);
    try {
      return { plan, driver: new Driver(this.driverDeps(), { taken, plan, hold }) };
    } catch (error) {
      throw asOpsroomError(error);
    }
  }

  private async unable(taken: Taken, error: unknown): Promise<undefined> {
    if (!(error instanceof OpsroomError)) throw error;
    this.options.log.error({ err: error, run: taken.run.id }, 'a run cannot be begun');
    await parkUnable(this.driverDeps(), taken, error);
    void fillLanes(this.options.database.engine);
  }

  private driverDeps() {
    const { ports, committer, membership } = this;
    const { database, logs, parallel } = this.options;
    const changed = (run: string) => this.changes.add(run);
    return { ports, sql: database.engine, committer, logs, worker: membership.id, parallel, changed };
  }

  private async segmentOver(org: string, run: string, plan: Plan, end: SegmentEnd): Promise<void> {
    const { ports } = this;
    const { log, database } = this.options;
    if (end.kind !== 'parked') await this.held.letGo(run);
    if (end.kind === 'lost') return log.warn({ err: end.why, run }, 'a run was lost; the ledger tells who goes on');
    void fillLanes(database.engine);
    if (end.kind !== 'ended') return;
    try {
      // First: a run that is sealed is done with, and nobody would look whether it is to be started anew.
      if (plan.retry && (end.status === 'failed' || end.status === 'rolled_back')) await ports.restart(org, run);
      await ports.seal(org, run);
    } catch (error) {
      log.error({ err: error, run }, 'what follows the end of a run was not done; a sweep will try again');
    }
    this.changes.add(run);
  }

  private signalled(run: string): void {
    if (this.taking.has(run)) this.signalledEarly.add(run);
    this.drivers.get(run)?.poke();
  }

  private onBeat({ owned, signalled, overdue }: Beat): void {
    for (const run of signalled) this.drivers.get(run)?.poke();
    const strays = this.strays.seen(owned, (run) => this.drivers.has(run) || this.taking.has(run));
    if (strays.length > 0)
      void giveUpRuns(this.options.database.engine, this.membership.id, strays).catch(() => undefined);
    for (const hint of overdue.slice(0, this.places.free)) void this.enter(hint);
    void this.bell.listen().catch(() => undefined);
    void this.held.tidy().catch(() => undefined);
  }

  private crash(cause: Error): void {
    const what = `The heartbeat of the worker ended: ${cause.message}`;
    const mend = 'Start it again. Its runs were given back; the log holds the details.';
    this.crashing.abort(new OpsroomError('INTERNAL', { what, mend, cause }));
  }

  private loseAll(what: string): void {
    this.options.log.warn({ runs: this.drivers.size }, what);
    for (const driver of this.drivers.values()) driver.lose(new OpsroomError('INTERRUPTED', { what }));
    // Its connection may have fallen silent like the rest; the next beat listens anew.
    this.bell.drop();
  }

  /**
   * Stops: takes nothing new, waits up to `drainMs` for what runs, or until `hurry` aborts, ends the rest as interrupted,
   * and gives its runs back.
   */
  async drain(drainMs: number, hurry?: AbortSignal): Promise<void> {
    this.draining = true;
    this.housekeeping?.stop();
    if (this.options.takes === 'all') releaseTo(this.options.database.engine, undefined);
    const closed = this.membership.close();
    await this.settled(drainMs, hurry);
    this.stopping = true;
    for (const driver of this.drivers.values()) driver.stop(new OpsroomError('INTERRUPTED'));
    // However short the drain: a run that is given back while its step still ends would be gone on with beside it.
    await this.settled(Math.max(drainMs, STOPPED_MS));
    await this.held.letGoAll();
    await closed;
    await this.membership.leave();
    await this.changes.flush();
    await this.bell.stop();
    await this.commits.end();
  }

  /** Until no run is advanced any more, for at most `withinMs`, or until `hurry` aborts. */
  private settled(withinMs: number, hurry?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const limit = setTimeout(done, withinMs);
      const emptied = () => {
        if (this.advancing === 0) done();
      };
      function done(): void {
        clearTimeout(limit);
        hurry?.removeEventListener('abort', done);
        resolve();
      }
      this.emptied = emptied;
      hurry?.addEventListener('abort', done);
      if (hurry?.aborted) done();
      emptied();
    });
  }
}
