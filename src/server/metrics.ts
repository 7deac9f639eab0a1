import type { Hono, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { authorise } from '#operations/invoke.js';
import type { ApiEnv } from './api-parts.js';

const METRICS = { name: 'metrics', permission: 'run:read' } as const;
export const METRICS_PATH = '/metrics';

type Counting = Awaited<ReturnType<typeof beginCounting>>;

/** With the first request: what counts is eighty files, and a room that starts has nothing to count. */
async function beginCounting() {
  const [{ processMetrics }, { RunCollector }] = await Promise.all([
    import('#observe/metrics.js'),
    import('#operations/metrics/collect.js'),
  ]);
  return { metrics: processMetrics(), collector: new RunCollector() };
}

/**
 * `GET /metrics` for Prometheus: the process, and the runs of whoever asks. It needs a key with `run:read` like everything
 * else, from this machine as well: others may have accounts on it.
 *
 * @returns what measures the requests that pass through it
 */
export function addMetrics(api: Hono<ApiEnv>): MiddlewareHandler<ApiEnv> {
  let counting: Promise<Counting> | undefined;
  const counted = () => (counting ??= beginCounting());
  api.get(METRICS_PATH, async (context) => {
    const room = context.get('room');
    authorise(METRICS, room);
    const { metrics, collector } = await counted();
    const { totalCount, idleCount, waitingCount } = room.database.engine;
    metrics.pool({ total: totalCount, idle: idleCount, waiting: waitingCount });
    const text = `${await metrics.text()}\n${await collector.text(room)}`;
    return context.body(text, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });
  return async (context, next) => {
    const loading = counted();
    const began = performance.now();
    await next();
    const seconds = (performance.now() - began) / 1000;
    const { metrics } = await loading;
    metrics.request(context.req.method, routePath(context, -1), context.res.status, seconds);
  };
}
