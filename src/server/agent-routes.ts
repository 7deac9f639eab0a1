import type { Rate } from './rate-limit.js';
import type { Routed } from './routes.js';

/** Of the API below `/v1`, what agents find below `/ai` as well: their questions are kept there, and answers fit a chat. */
const ALSO_FOR_AGENTS: ReadonlySet<string> = new Set([
  'runs.list',
  'runs.get',
  'runs.step',
  'runs.logs',
  'runs.searchLog',
  'runs.estimate',
  'runs.cancel',
  'runs.pause',
  'runs.resume',
  'runs.rerun',
  'runs.rollback',
  'plans.compile',
  'plans.dryRun',
  'sessions.list',
  'sessions.get',
]);
export const AGENTS_BASE = '/ai/';

/** What an agent may ask for: what lies below `/ai` anyway, and some of the rest at an address of its own there. */
export function agentRoutes(all: readonly Routed[]): Routed[] {
  return all.flatMap((one) => {
    const { operation, route } = one;
    if (route.path.startsWith(AGENTS_BASE)) return [one];
    if (!ALSO_FOR_AGENTS.has(operation.name)) return [];
    const { header: _, made: __, ...rest } = route;
    return [{ operation, route: { ...rest, path: route.path.replace(/^\/v1\//, AGENTS_BASE) } }];
  });
}

/** They are kept for seconds: whoever asks oftener learns nothing. */
export const THROTTLED: ReadonlySet<string> = new Set(['/ai/status', '/ai/live']);
export const THROTTLE: Rate = { perSecond: 1, burst: 30 };
