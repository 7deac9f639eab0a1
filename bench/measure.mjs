// One peer, one layer, in a process of its own: node measure.mjs '{"peer","layer","url","sizes"}'. Prints one JSON line.
import { inFlight, median, quantile, timed } from './lib/numbers.mjs';
import { LAYERS } from './lib/tools.mjs';

const job = JSON.parse(process.argv[2]);
const layer = LAYERS[job.layer];
const { open } = await import(`./peers/${job.peer}.mjs`);
const peer = await open({ ...job, layer });
const rate = (count, ms) => (count * 1000) / ms;

async function oneRun(shape, steps) {
  let ended;
  const begin = performance.now();
  const sealed = await timed(() => peer.run(shape, steps, () => (ended = performance.now() - begin)));
  return { rate: rate(steps, ended), sealed: rate(steps, sealed) };
}

const METRICS = {
  /** One run of steps that wait for each other, steps/s until the run has ended, and until it is sealed. */
  sequential: ({ steps }) => oneRun('chain', steps),
  /** Runs of steps that do not, one after the other: the median run. A single one is over so soon that it measures the moment. */
  parallel: async ({ steps, times = 1 }) => {
    const runs = [];
    for (let n = 0; n < times; n++) runs.push(await oneRun('fan', steps));
    return { rate: median(runs.map((run) => run.rate)), sealed: median(runs.map((run) => run.sealed)), runs };
  },
  /** Runs of three steps, runs/s in a closed loop. */
  runs: async ({ count, width }) => rate(count, await timed(() => inFlight(count, width, () => peer.run('chain', 3)))),
  /** Runs of three steps one at a time: ms from the request to the end. */
  latency: async ({ count }) => {
    const ended = [];
    const sealed = [];
    for (let n = 0; n < count; n++) {
      const begin = performance.now();
      await peer.run('chain', 3, () => ended.push(performance.now() - begin));
      sealed.push(performance.now() - begin);
    }
    return { p50: median(ended), p95: quantile(ended, 0.95), sealedP50: median(sealed) };
  },
  /** From the request to the first step's tool being called, ms. */
  firstStep: async ({ count }) => {
    const values = [];
    for (let n = 0; n < count; n++) values.push(await peer.firstStep());
    return median(values);
  },
  /** Commits/s of one row updated and one inserted. */
  commits: async ({ count, width }) => rate(count, await timed(() => inFlight(count, width, () => peer.commit()))),
};

try {
  const result = {};
  for (const { name, metric, warm, ...size } of job.sizes) {
    if (metric === 'sequential') peer.prepare?.('chain', size.steps);
    if (metric === 'parallel') peer.prepare?.('fan', size.steps);
    await METRICS[metric]({ ...size, ...warm });
    result[name] = await METRICS[metric](size);
  }
  if (peer.bareTool) result.bareToolMs = await peer.bareTool(50);
  result.rssMb = process.memoryUsage.rss() / 2 ** 20;
  process.stdout.write(`${JSON.stringify({ result, note: peer.note })}\n`);
} finally {
  await peer.close();
}
process.exit(0);
