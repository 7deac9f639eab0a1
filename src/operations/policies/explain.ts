import { z } from 'zod';
import {
  ACTIONS,
  type ApprovalRule,
  type Decision,
  type PrincipalFacts,
  type RequestFacts,
} from '#authorise/decision.js';
import type { IntentRow } from '#authorise/intents/records.js';
import { factsFrom, factsSchema, someFactsSchema, whoSchema } from '#authorise/policy/example.js';
import { askerOf } from '../authority/asker.js';
import { principalFacts, requestFacts } from '../authority/facts.js';
import { strictest } from '../authority/gate.js';
import { boundPlan, preparedOf } from '../intents/bindings.js';
import { intentReference, readIntent } from '../intents/reference.js';
import { operation } from '../operation.js';
import { jsonObject, planInput } from '../plans/input.js';
import type { Room } from '../room.js';
import { type Prepared, prepareGiven } from '../runs/prepare.js';
import { planAsked } from '../templates/find.js';
import { opensAt, policyView, ruleView, showPolicy, showRule } from './view.js';

const explainInput = z.strictObject({
  as: whoSchema
    .optional()
    .describe('Who would ask: `agent:gpt`, `person:approver` (a role), `key:ci`, `machine`. Without it: you.'),
  action: z.enum(ACTIONS).default('run'),
  intent: intentReference.optional().describe('An intent: what it asks for, as whoever proposed it.'),
  plan: planInput.optional().describe('What would run. What is said besides overrides what it says of itself.'),
  inputs: jsonObject.default({}),
  request: someFactsSchema.default({}),
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
    const intent = asked.intent === undefined ? undefined : await readIntent(room, asked.intent);
    const approving = asked.action === 'approve';
    const prepared = intent ? await preparedIntent(intent, room) : await preparedPlan(asked, room);
    // What a model drafted is asked for as an agent asks, whoever starts it.
    const starts = !approving && asked.action !== 'control' && prepared !== undefined;
    const you = starts ? await askerOf(room, prepared.planDigest) : principalFacts(room.principal);
    const principal = asked.as ?? (approving ? undefined : intent?.proposer) ?? you;
    const proposer = asked.proposer ?? (approving ? intent?.proposer : undefined) ?? null;
    const requests = requestsOf(asked, prepared, proposer, room.contracts);
    const decisions: Decision[] = [];
    for (const request of requests) decisions.push(await room.policies.decide(questionOf(asked, principal, request)));
    return explained(strictest(decisions), { principal, requests }, room);
  },
});

async function preparedIntent(intent: IntentRow, room: Room): Promise<Prepared> {
  return preparedOf(room, intent, await boundPlan(room, intent), intent.form);
}

async function preparedPlan({ plan, inputs }: Asked, room: Room): Promise<Prepared | undefined> {
  if (plan === undefined) return undefined;
  return prepareGiven({ given: await planAsked(plan, room.project), inputs, queue: {}, seen: true }, room);
}

/** What is asked about: what a plan or an intent says of itself, and what was said besides. */
function requestsOf(
  { request }: Asked,
  prepared: Prepared | undefined,
  proposer: PrincipalFacts | null,
  contracts: Room['contracts'],
): RequestFacts[] {
  if (prepared === undefined) return [{ ...factsFrom(request), proposer }];
  const facts = requestFacts(prepared, contracts.tools, proposer).map(
    ({ tools, secrets, allowAddresses, ...found }) => ({
      ...factsFrom(request, {
        ...found,
        tools: [...tools],
        secrets: [...secrets],
        allowAddresses: [...allowAddresses],
      }),
      proposer,
    }),
  );
  return request.branch === undefined ? facts : facts.slice(0, 1);
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
    requests: requests.map(({ proposer: _, tools, secrets, allowAddresses, ...facts }) => ({
      ...facts,
      tools: [...tools],
      secrets: [...secrets],
      allowAddresses: [...allowAddresses],
    })),
  };
}
