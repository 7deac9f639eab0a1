import { AT, DIGEST, HEX, RUN } from './example-run.js';

const INTENT = '019ab3c0-6a11-7e52-8c3f-4b9d2e7f1a05';
const LATER = '2026-11-21T10:16:22.000Z';
const POLICY = 'production-approved';
const REASON = 'Production changes only after an approver or owner agreed who did not ask for it.';
const target = { environment: 'production', app: 'shop' };
const wanted = `1 of approver, owner (${POLICY}: ${REASON})`;

const waiting = {
  intentId: INTENT,
  shortId: '2e7f1a05',
  intent: 'deploy',
  title: 'Deploy the shop',
  status: 'waiting',
  word: '',
  reason: 'The fix of the checkout is in.',
  claimed: { target: 'production' },
  target,
  inputs: { ref: 'v1.4.2' },
  planDigest: DIGEST,
  source: { kind: 'file', name: 'ops/deploy.yaml' },
  proposer: { by: 'key:gpt', kind: 'agent', agent: 'gpt', role: null, client: null },
  decision: { effect: 'needs_approval', reason: null, policies: [POLICY], policyDigest: HEX },
  rules: [
    {
      policy: POLICY,
      reason: REASON,
      roles: ['approver', 'owner'],
      count: 1,
      given: [],
      missing: 1,
      window: null,
      form: null,
    },
  ],
  wanted,
  approvals: [],
  glassBrokenBy: [],
  form: {},
  createdAt: AT,
  expiresAt: LATER,
  startsAt: null,
  endedAt: null,
  runId: null,
  supersedes: null,
  supersededBy: null,
  actions: [
    { action: 'approve', allowed: true, why: null },
    { action: 'reject', allowed: true, why: null },
    { action: 'withdraw', allowed: true, why: null },
  ],
};
const said = (verdict: string, reason: string) => ({
  by: 'person:ada@ops.example',
  role: 'owner',
  verdict,
  reason,
  breakGlass: false,
  at: AT,
});
const over = (status: string, word: string) => ({
  ...waiting,
  status,
  word,
  wanted: '',
  endedAt: AT,
  actions: waiting.actions.map(({ action }) => ({ action, allowed: false, why: `The intent was ${status}: ${word}.` })),
});

const small = {
  id: INTENT,
  intent: 'deploy',
  target: 'production',
  initiator: 'gpt',
  approved: false,
  status: 'waiting',
  message: `It waits for ${wanted}`,
  approvedBy: [],
  glassBrokenBy: [],
  runId: null,
  createdAt: AT,
};

/** Of intents and what is said to them. */
export const INTENT_EXAMPLES = {
  'intents.create': {
    input: {
      intent: 'deploy',
      target: 'production',
      inputs: { ref: 'v1.4.2' },
      reason: 'The fix of the checkout is in.',
    },
    output: waiting,
  },
  'intents.list': { input: { status: ['waiting'] }, output: { intents: [waiting], next: null } },
  'intents.get': {
    input: { intent: INTENT },
    output: {
      ...waiting,
      steps: [
        {
          id: 'release',
          title: 'Release',
          tool: 'http',
          args: { method: 'POST', url: '‹secret:DEPLOY_HOOK›', body: { ref: 'v1.4.2' } },
          verifiers: [{ id: 'live', kind: 'http', required: true }],
          isolation: 'none',
          warnings: [],
        },
      ],
      moreSteps: 0,
      withoutRollback: 1,
      diff: {
        runId: RUN,
        shortId: '6f4e1d20',
        endedAt: AT,
        plan: [],
        inputs: [{ path: 'ref', before: 'v1.4.1', after: 'v1.4.2' }],
        steps: [],
        same: 1,
      },
      policies: [{ id: POLICY, reason: REASON, text: `@id("${POLICY}") forbid (principal, action, resource);` }],
      forms: [],
      history: [
        {
          runId: RUN,
          shortId: '6f4e1d20',
          status: 'succeeded',
          word: 'proven',
          requestedBy: 'key:ci',
          endedAt: AT,
          durationMs: 61_000,
          costUsd: null,
        },
      ],
      usuallyMs: 61_000,
      warnings: [],
      holds: { now: true, why: null, mend: null },
    },
  },
  'intents.approve': {
    input: { intent: INTENT, reason: 'Checked on staging.' },
    output: {
      ...waiting,
      status: 'running',
      wanted: '',
      rules: waiting.rules.map((rule) => ({ ...rule, given: ['person:ada@ops.example'], missing: 0 })),
      approvals: [said('approve', 'Checked on staging.')],
      startsAt: AT,
      runId: RUN,
      actions: waiting.actions.map(({ action }) => ({
        action,
        allowed: false,
        why: 'The intent runs already.',
      })),
    },
  },
  'intents.reject': {
    input: { intent: INTENT, reason: 'Not on a Friday.' },
    output: {
      ...over('rejected', 'person:ada@ops.example: Not on a Friday.'),
      approvals: [said('reject', 'Not on a Friday.')],
    },
  },
  'intents.withdraw': {
    input: { intent: INTENT, reason: 'A newer fix comes.' },
    output: over('withdrawn', 'A newer fix comes.'),
  },
  'ai.propose': {
    input: { intent: 'deploy', target: 'production', initiator: 'gpt', approved: false },
    output: small,
  },
  'ai.intents': { input: { limit: 5 }, output: { intents: [small] } },
  'ai.intent': { input: { id: INTENT }, output: small },
};
