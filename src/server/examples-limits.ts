import { AT, RUN } from './example-run.js';

const limits = {
  runningPerUser: 10,
  lanes: [
    { lane: 'A', width: 4 },
    { lane: 'B', width: 4 },
    { lane: 'C', width: 2 },
    { lane: 'D', width: 1 },
  ],
  modelUsd: { limit: 20, today: 0.42, unpriced: 0 },
  calls: [{ name: 'tool:http', perSecond: 10, burst: 10, changedBy: 'person:ada@ops.example', changedAt: AT }],
  api: { key: { perSecond: 200, burst: 2000 }, stranger: { perSecond: 1, burst: 60 } },
  keys: [{ key: 'deploy-staging', runId: RUN, title: 'Deploy the shop', waiting: 1 }],
};

export const LIMIT_EXAMPLES = {
  'limits.get': { input: {}, output: limits },
  'limits.update': {
    input: { runningPerUser: 10, lanes: { A: 4 }, calls: { 'tool:http': { perSecond: 10, burst: 10 } } },
    output: limits,
  },
};
