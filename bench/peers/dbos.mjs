import { DBOS } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import { EVIDENCE_TABLE, stepOf } from '../lib/tools.mjs';

/**
 * DBOS Transact, workflows started in this process and without a queue, which is its fastest way; steps by `runStep`. Tuned:
 * a larger pool for its own tables, no tracing, a short polling interval for the queue. With `queued`, every run goes
 * through that queue instead, which is what Opsroom does with every run.
 */
export async function open({ url, layer, queued = false }) {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  await pool.query(EVIDENCE_TABLE);
  const step = stepOf(layer, pool);
  let called = () => undefined;
  const workflows = {
    chain: DBOS.registerWorkflow(
      async (size) => {
        for (let n = 0; n < size; n++) await stepped(step, size, n, called);
      },
      { name: 'chain' },
    ),
    fan: DBOS.registerWorkflow(
      async (size) => {
        await Promise.allSettled(Array.from({ length: size }, (_, n) => stepped(step, size, n, called)));
      },
      { name: 'fan' },
    ),
  };
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: url, systemDatabasePoolSize: 20, logLevel: 'error' });
  await DBOS.launch();
  if (queued) await DBOS.registerQueue('queue', { minPollingIntervalMs: 10, workerConcurrency: 64 });
  const route = queued ? { queueName: 'queue' } : {};
  return {
    note: queued ? 'through its queue, polled every 10 ms' : 'started in process, without its queue',
    database: { engine: pool },
    run: async (shape, size, onEnd) => {
      const handle = await DBOS.startWorkflow(workflows[shape], route)(size);
      await handle.getResult({ pollingIntervalMs: 5 });
      onEnd?.();
    },
    firstStep: async () => {
      const begin = performance.now();
      const first = new Promise((resolve) => {
        called = () => resolve(performance.now() - begin);
      });
      const handle = await DBOS.startWorkflow(workflows.chain, route)(3);
      const ms = await first;
      await handle.getResult({ pollingIntervalMs: 5 });
      return ms;
    },
    close: async () => {
      await DBOS.shutdown();
      await pool.end();
    },
  };
}

function stepped(step, size, n, called) {
  const run = DBOS.workflowID;
  const work = () => {
    called();
    return step(run, `s${n}`, n === size - 1);
  };
  return DBOS.runStep(work, { name: `s${n}` });
}
