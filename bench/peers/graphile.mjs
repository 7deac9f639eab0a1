import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { Logger, makeWorkerUtils, run as runGraphile } from 'graphile-worker';
import pg from 'pg';
import { EVIDENCE_TABLE, stepOf } from '../lib/tools.mjs';

/**
 * Graphile Worker by itself: each step is a job, and adds the next one. A queue, not an engine: no outputs are kept, a
 * crash between a step and its successor is left to the job's retry. Batches as its performance page advises.
 */
export async function open({ url, layer }) {
  const pool = new pg.Pool({ connectionString: url, max: 24 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  await pool.query(EVIDENCE_TABLE);
  const logger = new Logger(() => () => undefined);
  const utils = await makeWorkerUtils({ pgPool: pool, logger });
  await utils.migrate();
  const step = stepOf(layer, pool);
  const runs = new Map();
  const work = async ({ run, shape, n, size }, helpers) => {
    const { called, done } = runs.get(run);
    called();
    await step(run, `s${n}`, n === size - 1);
    if (shape === 'chain' && n + 1 < size) await helpers.addJob('step', { run, shape, n: n + 1, size });
    else done();
  };
  const worker = await runGraphile({
    pgPool: pool,
    logger,
    noHandleSignals: true,
    events: new EventEmitter(),
    parsedCronItems: [],
    taskList: { step: work },
    preset: {
      worker: {
        concurrentJobs: 64,
        maxPoolSize: 24,
        pollInterval: 1000,
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        localQueue: { size: 128 },
      },
    },
  });
  const start = async (shape, size, called = () => undefined) => {
    const run = randomUUID();
    let left = shape === 'fan' ? size : 1;
    const end = new Promise((resolve) => {
      const done = () => {
        left -= 1;
        if (left === 0) resolve();
      };
      runs.set(run, { called, done });
    });
    const first = shape === 'fan' ? Array.from({ length: size }, (_, n) => n) : [0];
    await utils.addJobs(first.map((n) => ({ identifier: 'step', payload: { run, shape, n, size } })));
    await end;
    runs.delete(run);
  };
  return {
    note: 'a queue of jobs: keeps no outputs and no history',
    database: { engine: pool },
    run: async (shape, size, onEnd) => {
      await start(shape, size);
      onEnd?.();
    },
    firstStep: async () => {
      const begin = performance.now();
      let ms;
      await start('chain', 3, () => {
        ms ??= performance.now() - begin;
      });
      return ms;
    },
    close: async () => {
      await worker.stop();
      await utils.release();
      await pool.end();
    },
  };
}
