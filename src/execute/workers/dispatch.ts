import { EventEmitter } from 'node:events';
import { Logger, run as runGraphile, type WorkerEvents } from 'graphile-worker';
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
  readonly pool: Pool;
  readonly host: string;
  readonly concurrency: number;
  handle(hint: Hint): Promise<void>;
  /** The dispatcher ended by itself: it does so for good when the database goes away. Start another. */
  onDeaf(): void;
}

/** What Graphile Worker says of jobs is said better by the run's own events. */
const SILENT = new Logger(() => () => undefined);

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
  const task = (payload: unknown) => options.handle(payload as Hint);
  const runner = await runGraphile({
    pgPool: options.pool,
    events,
    noHandleSignals: true,
    taskList: { advance: task, [`advance@${options.host}`]: task },
    parsedCronItems: [],
    preset: {
      worker: {
        concurrentJobs: options.concurrency,
        // Hints come by LISTEN; polling is only the net below it, and each concurrency slot polls by itself.
        pollInterval: 10_000,
        // The default does not await the delete, and a database outage then ends Node.
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
    logger: SILENT,
  });
  void runner.promise.catch(() => undefined).finally(deaf);
  return {
    get poolId() {
      return poolId;
    },
    stop: async () => {
      stopping = true;
      await runner.stop().catch(() => undefined);
    },
  };
}
