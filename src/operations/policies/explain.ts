import { z } from 'zod';
import {
  ACTIONS,
  type ApprovalRule,
  type Decision,
  type PrincipalFacts,
  type RequestFacts,
} from '#authorise/decision.js';
import { factsSchema, whoSchema } from '#authorise/policy/example.js';
import { principalFacts, requestFacts } from '../authority/facts.js';
import { strictest } from '../authority/gate.js';
import { operation } from '../operation.js';
import { jsonObject, planInput } from '../plans/input.js';
import type { Room } from '../room.js';
import { prepareGiven } from '../runs/prepare.js';
import { opensAt, policyView, ruleView, showPolicy, showRule } from './view.js';

const explainInput = z.strictObject({
  as: whoSchema
    .optional()
    .describe('Who would ask: `agent:gpt`, `person:approver` (a role), `key:ci`, `machine`. Without it: you.'),
  action: z.enum(ACTIONS).default('run'),
  plan: planInput.optional().describe('What would run. What is said besides overrides what it says of itself.'),
  inputs: jsonObject.default({}),
  request: factsSchema.partial().default({}),
  proposer: whoSchema.optional().describe('Who would have asked, where the action is to approve it.'),
  name: z.string().max(200).optional().describe('The tool, the secret or the signal, where the action is about one.'),
  approved: z.boolean().optional().describe('As if those who must agree had.'),
});
type Asked = z.output<typeof explainInput>;

const explanation = z.object({
  effect: z.enum(['allow', 'deny', 'needs_approval']),
  reason: z.string().nullable().describe('Why it is denied.'),
  policyDigest: z.string(),
  policies: z.array(policyView).describe('Those that decided.'),
  rules: z.array(
    ruleView.extend({ opensAt: z.string().nullable().describe('When its window opens next; null: now.') }),
  ),
  principal: z.object({ kind: z.string(), by: z.string(), role: z.string().nullable(), agent: z.string().nullable() }),
  requests: z.array(factsSchema).describe('What policies saw: one for each branch that the request names.'),
});

export const explainPolicies = operation({
  name: 'policies.explain',
  summary: 'What the policies would say to a request, which of them decide, and what would be needed. Changes nothing.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: explainInput,
  output: explanation,
  run: async (asked, room) => {
    const principal = asked.as ?? principalFacts(room.principal);
    const requests = await requestsOf(asked, room);
    const decisions: Decision[] = [];
    for (const request of requests) decisions.push(await room.policies.decide(questionOf(asked, principal, request)));
    return explained(strictest(decisions), { principal, requests }, room);
  },
});

async function requestsOf(asked: Asked, room: Room): Promise<RequestFacts[]> {
  const { plan: given, inputs, request } = asked;
  const proposer = asked.proposer ?? null;
  if (given === undefined) return [{ ...factsSchema.parse(request), proposer }];
  const prepared = await prepareGiven({ given, inputs, queue: {}, seen: true }, room);
  const told = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  return requestFacts(prepared, proposer).map((facts) => ({ ...facts, ...told }));
}

function questionOf({ action, name, approved }: Asked, principal: PrincipalFacts, request: RequestFacts) {
  const more = { ...(name === undefined ? {} : { name }), ...(approved === undefined ? {} : { approved }) };
  return { principal, action, request, ...more };
}

interface Asking {
  readonly principal: PrincipalFacts;
  readonly requests: readonly RequestFacts[];
}

async function explained(
  decision: Decision,
  { principal, requests }: Asking,
  room: Room,
): Promise<z.infer<typeof explanation>> {
  const { policies } = await room.policies.describe();
  const { kind, by, role, agent } = principal;
  const rules: readonly ApprovalRule[] = decision.effect === 'needs_approval' ? decision.rules : [];
  const now = room.ports.clock.now();
  return {
    effect: decision.effect,
    reason: decision.effect === 'deny' ? decision.reason : null,
    policyDigest: decision.policyDigest,
    policies: policies.filter(({ id }) => decision.policies.includes(id)).map(showPolicy),
    rules: rules.map((rule) => ({ ...showRule(rule), opensAt: opensAt(rule, now) })),
    principal: { kind, by, role, agent },
    requests: requests.map(({ proposer: _, tools, secrets, ...facts }) => ({
      ...facts,
      tools: [...tools],
      secrets: [...secrets],
    })),
  };
}
