import { AT, DIGEST, HEX, RUN } from './example-run.js';

/** Two plans compared, and a run decided anew. */
export const REPLAY_EXAMPLES = {
  'plans.diff': {
    input: { before: { run: RUN }, after: { plan: { template: 'say-hello' } } },
    output: {
      same: false,
      before: { title: 'Say hello', digest: HEX, runId: RUN, shortId: RUN.slice(-8), endedAt: AT },
      after: { title: 'Say hello', digest: DIGEST, runId: null, shortId: null, endedAt: null },
      plan: [],
      inputs: [],
      policy: [],
      steps: [
        {
          id: 'hello',
          title: 'hello',
          change: 'changed',
          differences: [{ path: 'args.run', before: 'echo hi > hello.txt', after: 'echo hello > hello.txt' }],
        },
      ],
      moved: [],
      unchanged: 0,
    },
  },
  'runs.replay': {
    input: { run: RUN },
    output: {
      runId: RUN,
      title: 'Say hello',
      same: true,
      decisions: 5,
      counts: [
        { about: 'beginnings', count: 1 },
        { about: 'starts', count: 1 },
        { about: 'outcomes', count: 1 },
        { about: 'verdicts', count: 1 },
        { about: 'endings', count: 1 },
      ],
      people: [],
      difference: null,
    },
  },
};
