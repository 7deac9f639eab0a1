import { AT, DIGEST, HEX } from './example-run.js';

const spent = { calls: 1, inputTokens: 1840, outputTokens: 212, cost: 0.000884, unpriced: 0, lost: 0 };

/** Of language models and of what they draft. */
export const MODEL_EXAMPLES = {
  'models.calls': {
    input: {},
    output: {
      configured: { provider: 'openai', model: 'gpt-5-mini' },
      why: null,
      spent,
      calls: [
        {
          callId: '019ab3c0-d0c5-7a11-8e21-4f6b2c9d7e30',
          at: AT,
          by: 'person:ada@ops.example',
          provider: 'openai',
          model: 'gpt-5-mini',
          prompt: 'draft-plan',
          promptVersion: 1,
          promptDigest: HEX,
          inputTokens: 1840,
          outputTokens: 212,
          cost: 0.000884,
          pricesAsOf: '2025-10-15',
          lost: false,
          ms: 2140,
          outcome: 'used' as const,
          planDigest: DIGEST,
        },
      ],
    },
  },
  'plans.draft': {
    input: { goal: 'check https://shop.example/ on staging' },
    output: {
      basis: 'rule' as const,
      model: null,
      why: 'No language model is configured (OPSROOM_MODEL). The words of the goal choose among templates.',
      title: 'check https://shop.example/ on staging',
      text: 'apiVersion: opsroom/v1\ntitle: check https://shop.example/ on staging\n…',
      compiled: null,
      policy: { effect: 'allow' as const, reason: null },
      steps: [
        {
          id: 'p1_answer',
          from: 'rule' as const,
          because: '"check http" names the template http-health-check',
          isTemplate: true,
        },
      ],
      inputs: [{ name: 'p1_url', from: 'rule' as const, value: 'https://shop.example/', question: '' }],
      questions: [],
      repairs: 0,
      problem: null,
      spent: null,
    },
  },
};
