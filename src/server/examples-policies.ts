import { HEX } from './example-run.js';

const rule = {
  policy: 'production-approved',
  reason: 'Production changes only after an approver or owner agreed who did not ask for it.',
  roles: ['approver', 'owner'],
  count: 1,
  ttlMs: 14_400_000,
  window: null,
  form: null,
};
const policy = {
  id: rule.policy,
  effect: 'forbid' as const,
  reason: rule.reason,
  file: 'approvals.cedar',
  line: 61,
  text: '@id("production-approved") … unless { context.approved };',
  approval: rule,
};
const request = {
  environment: 'production',
  app: 'shop',
  branch: '',
  kind: 'deploy',
  title: 'Deploy the shop',
  planDigest: HEX,
  lane: 'B',
  readOnly: false,
  isolated: true,
  tools: ['http'],
  secrets: ['DEPLOY_HOOK'],
  allowAddresses: [],
};

/** Of the policies. */
export const POLICY_EXAMPLES = {
  'policies.get': {
    input: {},
    output: { folder: '/srv/ops/policies', shipped: false, digest: HEX, policies: [policy], forms: [], problems: [] },
  },
  'policies.explain': {
    input: { as: 'key:ci', request: { environment: 'production', app: 'shop' } },
    output: {
      effect: 'needs_approval' as const,
      reason: null,
      policyDigest: HEX,
      policies: [policy],
      rules: [{ ...rule, opensAt: null }],
      principal: { kind: 'key', by: 'key:ci', role: null, agent: null },
      requests: [request],
    },
  },
};
