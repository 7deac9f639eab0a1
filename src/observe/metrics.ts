import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Numbers of this process, whoever asks for them: its requests, its connections, Node's own. */
export interface ProcessMetrics {
  /** @param route the pattern of its address, so that no id becomes a label */
  request(method: string, route: string, status: number, seconds: number): void;
  pool(connections: { readonly total: number; readonly idle: number; readonly waiting: number }): void;
  /** In Prometheus' text format. */
  text(): Promise<string>;
}

/** Numbers of one organisation's runs. Histograms count from the first time that somebody asked. */
export interface RunMetrics {
  /** Replaces what was said of open runs. */
  open(runs: readonly { readonly lane: string; readonly status: string; readonly runs: number }[]): void;
  slots(lanes: readonly { readonly lane: string; readonly width: number }[]): void;
  ended(status: string, seconds: number): void;
  step(tool: string, outcome: string, seconds: number): void;
  text(): Promise<string>;
}

const REQUEST_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const STEP_BUCKETS = [0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600];
const RUN_BUCKETS = [1, 5, 15, 60, 120, 300, 600, 1800, 3600, 14_400];

export function processMetrics(): ProcessMetrics {
  const registry = new Registry();
  const registers = [registry];
  // The default looks at the event loop a hundred times a second, which is most of what an idle room does.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  const requests = new Histogram({
    name: 'opsroom_http_request_duration_seconds',
    help: 'Requests to the API, until their answer begins.',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_BUCKETS,
    registers,
  });
  const connections = new Gauge({
    name: 'opsroom_database_connections',
    help: 'Connections of the main pool; waiting: requests for one.',
    labelNames: ['state'],
    registers,
  });
  return {
    request: (method, route, status, seconds) => requests.observe({ method, route, status }, seconds),
    pool: ({ total, idle, waiting }) => {
      connections.set({ state: 'busy' }, total - idle);
      connections.set({ state: 'idle' }, idle);
      connections.set({ state: 'waiting' }, waiting);
    },
    text: () => registry.metrics(),
  };
}

export function runMetrics(): RunMetrics {
  const registry = new Registry();
  const registers = [registry];
  const open = new Gauge({
    name: 'opsroom_runs',
    help: 'Runs that have not ended, by lane and state; queued: the depth of the queue.',
    labelNames: ['lane', 'state'],
    registers,
  });
  const slots = new Gauge({
    name: 'opsroom_lane_slots',
    help: 'Runs that a lane lets go at once.',
    labelNames: ['lane'],
    registers,
  });
  const ended = new Histogram({
    name: 'opsroom_run_duration_seconds',
    help: 'Runs that ended, from their first step to their end.',
    labelNames: ['state'],
    buckets: RUN_BUCKETS,
    registers,
  });
  const steps = new Histogram({
    name: 'opsroom_step_duration_seconds',
    help: 'Attempts of steps of runs that ended, their verifiers included.',
    labelNames: ['tool', 'outcome'],
    buckets: STEP_BUCKETS,
    registers,
  });
  return {
    open: (runs) => {
      open.reset();
      for (const { lane, status, runs: count } of runs) open.set({ lane, state: status }, count);
    },
    slots: (lanes) => {
      for (const { lane, width } of lanes) slots.set({ lane }, width);
    },
    ended: (state, seconds) => ended.observe({ state }, seconds),
    step: (tool, outcome, seconds) => steps.observe({ tool, outcome }, seconds),
    text: () => registry.metrics(),
  };
}
