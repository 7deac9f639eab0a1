import { EventEmitter } from 'node:events';
import { Logger, type Runner, run as runGraphile, type WorkerEvents } from 'graphile-worker';
import type { Pool } from 'pg';

export interface Hint {
  readonly org: string;
  readonly run: string;
}

/** Wake-ups and their distribution over machines. A hint may come twice, late or never: the ledger decides. */
export interface Dispatch {
  /** Graphile Worker's pool id, under which it locks jobs; unlocked by whoever deposes this worker. */
  readonly poolId: string;
  /** Takes no new hints, waits for the handlers that run. */
  stop(): Promise<void>;
}

export interface DispatchOptions {
  /** The dispatcher's own; ended with it, or when it cannot be started. */
  readonly pool: Pool;
  readonly host: string;
  readonly concurrency: number;
  handle(hint: Hint): Promise<void>;
  /** The dispatcher ended by itself: it does so for good when the database goes away. Start another. */
  onDeaf(): void;
}

/** What Graphile Worker says of jobs is said better by the run's own events. */
const SILENT = new Logger(() => () => undefined);

const TUNING = {
  // Hints come by LISTEN; polling is only the net below it, and each concurrency slot polls by itself.
  pollInterval: 10_000,
  // The default does not await the delete, and a database outage then ends Node.
  completeJobBatchDelay: 0,
  failJobBatchDelay: 0,
};

/** Starts to listen for hints that concern this host or any. */
export async function startDispatch(options: DispatchOptions): Promise<Dispatch> {
  const events: WorkerEvents = new EventEmitter();
  let poolId = '';
  let stopping = false;
  events.once('pool:create', ({ workerPool }) => {
    poolId = workerPool.id;
  });
  const deaf = () => {
    if (!stopping) options.onDeaf();
    stopping = true;
  };
  // Without a connection it shuts itself down, and may take forever over it: the runner's promise is not enough.
  events.once('pool:gracefulShutdown', deaf);
  const runner = await startRunner(options, events);
  void runner.promise
    .catch(() => undefined)
    .finally(deaf)
    .then(() => endPool(options.pool));
  return {
    get poolId() {
      return poolId;
    },
    stop: async () => {
      stopping = true;
      await runner.stop().catch(() => undefined);
      await endPool(options.pool);
    },
  };
}

async function startRunner(options: DispatchOptions, events: WorkerEvents): Promise<Runner> {
  const { pool, host, concurrency } = options;
  const task = (payload: unknown) => options.handle(payload as Hint);
  try {
    return await runGraphile({
      pgPool: pool,
      events,
      noHandleSignals: true,
      taskList: { advance: task, [`advance@${host}`]: task },
      parsedCronItems: [],
      preset: { worker: { concurrentJobs: concurrency, ...TUNING } },
      logger: SILENT,
    });
  } catch (error) {
    await endPool(pool);
    throw error;
  }
}

/** A dispatcher may end by itself while it is told to. */
async function endPool(pool: Pool): Promise<void> {
  if (!pool.ending) await pool.end().catch(() => undefined);
}
