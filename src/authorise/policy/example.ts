import { z } from 'zod';
import { ACTIONS, type PrincipalFacts, type Question, type RequestFacts } from '../decision.js';

/** Somebody who might ask, for tests and explanations of policies: `agent:gpt`, or with what cannot be said so shortly. */
export const whoSchema = z.union([
  z.string().transform((text, context) => {
    const who = principalFrom(text);
    if (who === undefined) context.addIssue({ code: 'custom', message: WHO_FORM });
    return who ?? NOBODY;
  }),
  z
    .strictObject({
      kind: z.enum(['person', 'agent', 'key', 'machine', 'system']),
      by: z.string().optional(),
      role: z.string().optional(),
      agent: z.string().optional(),
      person: z.string().optional(),
    })
    .transform(({ kind, by, role = null, agent = null, person = null }): PrincipalFacts => {
      return { kind, by: by ?? `${kind}:${person ?? agent ?? 'example'}`, role, agent, person };
    }),
]);

const WHO_FORM =
  'must be like agent:gpt, person:approver (a role), key:ci, machine, system, cron:operator or webhook:operator (the role of its maker)';
const NOBODY: PrincipalFacts = { kind: 'system', by: 'system:example', role: null, agent: null, person: null };

function principalFrom(text: string): PrincipalFacts | undefined {
  const [, kind = '', name = ''] = /^([a-z]+)(?::([\w@.-]+))?$/.exec(text) ?? [];
  const by = `${kind}:${name || 'example'}`;
  if (kind === 'person')
    return { ...NOBODY, kind, by, role: name || 'operator', person: `example-${name || 'operator'}` };
  if (kind === 'cron' || kind === 'webhook') return { ...NOBODY, kind: 'agent', by, agent: kind, role: name || null };
  if (kind === 'agent' && name !== '') return { ...NOBODY, kind, by, agent: name };
  if (kind === 'key' || kind === 'machine' || kind === 'system') return { ...NOBODY, kind, by };
  return undefined;
}

/** What is asked for, but for who asked. */
export const factsSchema = z.strictObject({
  environment: z.string(),
  app: z.string(),
  branch: z.string(),
  kind: z.string(),
  title: z.string(),
  planDigest: z.string(),
  lane: z.string(),
  readOnly: z.boolean(),
  isolated: z.boolean(),
  tools: z.array(z.string()),
  secrets: z.array(z.string()),
  allowAddresses: z.array(z.string()),
});
type Facts = z.output<typeof factsSchema>;

/** Part of it. Not by defaults: what was left out would no longer be told from what was said. */
export const someFactsSchema = factsSchema.partial();

/** As in a plan that says nothing of the kind. */
const UNSAID: Facts = {
  environment: '',
  app: '',
  branch: '',
  kind: 'ops',
  title: 'Example',
  planDigest: '0'.repeat(64),
  lane: 'A',
  readOnly: false,
  isolated: false,
  tools: [],
  secrets: [],
  allowAddresses: [],
};

/** What was said, over what is known otherwise. */
export function factsFrom(said: z.output<typeof someFactsSchema>, known: Facts = UNSAID): Facts {
  const told = Object.entries(said).filter(([, value]) => value !== undefined);
  return { ...known, ...(Object.fromEntries(told) as Partial<Facts>) };
}

export const questionSchema = z.strictObject({
  as: whoSchema,
  action: z.enum(ACTIONS).default('run'),
  request: someFactsSchema.default({}),
  proposer: whoSchema.optional(),
  name: z.string().optional(),
  approved: z.boolean().optional(),
});

/** A question as it is asked of policies. */
export function questionFrom(given: z.output<typeof questionSchema>): Question {
  const { as: principal, action, request, proposer = null, name, approved } = given;
  const facts: RequestFacts = { ...factsFrom(request), proposer };
  return {
    principal,
    action,
    request: facts,
    ...(name === undefined ? {} : { name }),
    ...(approved === undefined ? {} : { approved }),
  };
}
