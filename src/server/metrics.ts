import type { Hono, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { processMetrics } from '#observe/metrics.js';
import { authorise } from '#operations/invoke.js';
import { RunCollector } from '#operations/metrics/collect.js';
import type { ApiEnv } from './api-parts.js';

const METRICS = { name: 'metrics', permission: 'run:read' } as const;
export const METRICS_PATH = '/metrics';

/**
 * `GET /metrics` for Prometheus: the process, and the runs of whoever asks. It needs a key with `run:read` like everything
 * else, from this machine as well: others may have accounts on it.
 *
 * @returns what measures the requests that pass through it
 */
export function addMetrics(api: Hono<ApiEnv>): MiddlewareHandler<ApiEnv> {
  const metrics = processMetrics();
  const collector = new RunCollector();
  api.get(METRICS_PATH, async (context) => {
    const room = context.get('room');
    authorise(METRICS, room);
    const { totalCount, idleCount, waitingCount } = room.database.engine;
    metrics.pool({ total: totalCount, idle: idleCount, waiting: waitingCount });
    const text = `${await metrics.text()}\n${await collector.text(room)}`;
    return context.body(text, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });
  return async (context, next) => {
    const began = performance.now();
    await next();
    const seconds = (performance.now() - began) / 1000;
    metrics.request(context.req.method, routePath(context, -1), context.res.status, seconds);
  };
}
