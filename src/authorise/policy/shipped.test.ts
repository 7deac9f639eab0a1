import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { verifies } from '../../../test/harness/requirements.js';
import type { Decision, PrincipalFacts, Question, RequestFacts } from '../decision.js';
import { loadFolder } from './policies.js';
import { readSchema, readSource } from './source.js';

const FOLDER = fileURLToPath(new URL('../../../policies', import.meta.url));
const loaded = loadFolder(readSource(FOLDER, readSchema(FOLDER)), {
  approvers: ['owner', 'approver'],
  formProblem: () => undefined,
});

const nobody: PrincipalFacts = { kind: 'system', by: 'room', role: null, agent: null, person: null };
const person = (role: string, id = role): PrincipalFacts => ({
  ...nobody,
  kind: 'person',
  by: `person:${id}@x`,
  role,
  person: id,
});
const agent = (name: string, more: Partial<PrincipalFacts> = {}): PrincipalFacts => ({
  ...nobody,
  kind: 'agent',
  by: `key:${name}`,
  agent: name,
  ...more,
});
const cron = (role: string | null, maker = 'ada'): PrincipalFacts => ({
  ...agent('cron'),
  by: 'cron:nightly',
  role,
  person: maker,
});
const key: PrincipalFacts = { ...nobody, kind: 'key', by: 'key:ci', person: 'ada' };
const machine: PrincipalFacts = { ...nobody, kind: 'machine', by: 'user:ada@host' };
const linked: PrincipalFacts = { ...machine, person: 'ada' };

const plan: RequestFacts = {
  environment: 'staging',
  app: 'shop',
  branch: '',
  kind: 'deploy',
  title: 'Deploy',
  planDigest: 'a'.repeat(64),
  lane: 'B',
  readOnly: false,
  isolated: true,
  tools: ['shell', 'http'],
  secrets: ['DEPLOY_HOOK'],
  allowAddresses: [],
  proposer: null,
};
const production = { environment: 'production' };
const reading = { environment: 'dev', readOnly: true, secrets: [] };

const ask = (
  principal: PrincipalFacts,
  action: Question['action'],
  facts: Partial<RequestFacts> = {},
  more: Partial<Question> = {},
): Decision => {
  if (!loaded.engine) throw new Error(JSON.stringify(loaded.problems));
  return loaded.engine.decide({ principal, action, request: { ...plan, ...facts }, ...more });
};
const said = (decision: Decision) => [decision.effect, ...decision.policies.toSorted()].join(' ');

describe(verifies('POLICY-02', 'the shipped policies'), () => {
  const RUN = 'allow run use-what-a-plan-names';
  test.each<[string, string, Decision]>([
    ['an operator runs on staging', RUN, ask(person('operator'), 'run')],
    ['a viewer runs nothing', 'deny viewers-only-look', ask(person('viewer'), 'run', reading)],
    ['a viewer proposes nothing', 'deny viewers-only-look', ask(person('viewer'), 'propose')],
    ['a person of no role runs nothing', 'deny', ask({ ...person('operator'), role: null }, 'run')],
    ['the machine runs on staging', RUN, ask(machine, 'run')],
    ['a plain key runs on staging', RUN, ask(key, 'run')],
    ['an owner waits in production', 'needs_approval production-approved', ask(person('owner'), 'run', production)],
    ['the machine waits in production', 'needs_approval production-approved', ask(machine, 'run', production)],
    ['a key waits in production', 'needs_approval production-approved', ask(key, 'run', { environment: ' Prod' })],
    ['what was agreed to runs in production', RUN, ask(person('owner'), 'run', production, { approved: true })],
    ['an agent proposes', 'allow ask', ask(agent('gpt'), 'propose', { branch: 'main' })],
    ['an agent waits on staging', 'needs_approval agent-plan-approved', ask(agent('cursor'), 'run')],
    ['an agent reads in dev by itself', RUN, ask(agent('cursor'), 'run', reading)],
    [
      'with a secret it waits',
      'needs_approval agent-plan-approved',
      ask(agent('cursor'), 'run', { ...reading, secrets: ['TOKEN'] }),
    ],
    [
      'with a private address it waits',
      'needs_approval agent-plan-approved',
      ask(agent('cursor'), 'run', { ...reading, allowAddresses: ['10.0.0.0/8'] }),
    ],
    ['reading on staging waits', 'needs_approval agent-plan-approved', ask(agent('cursor'), 'run', { readOnly: true })],
    ['writing in dev waits', 'needs_approval agent-plan-approved', ask(agent('cursor'), 'run', { environment: 'dev' })],
    [
      'an agent in production waits for both',
      'needs_approval agent-plan-approved production-approved',
      ask(agent('cursor'), 'run', production),
    ],
    [
      'an agent needs isolation',
      'deny agent-plan-isolated',
      ask(agent('cursor'), 'run', { ...reading, isolated: false }),
    ],
    [
      'an approval does not stand for isolation',
      'deny agent-plan-isolated',
      ask(agent('cursor'), 'run', { isolated: false }, { approved: true }),
    ],
    ['GPT not to main', 'deny gpt-not-to-main', ask(agent('gpt'), 'run', { branch: 'main' })],
    [
      'GPT not to main, approved',
      'deny gpt-not-to-main',
      ask(agent('gpt'), 'run', { branch: 'main' }, { approved: true }),
    ],
    [
      'GPT not to main by another spelling',
      'deny gpt-not-to-main',
      ask(agent('gpt'), 'run', { branch: '+HEAD:refs/heads/main' }),
    ],
    [
      'nor does another run it for GPT',
      'deny gpt-not-to-main',
      ask(machine, 'run', { branch: 'main', proposer: agent('gpt') }),
    ],
    ['nor does GPT heal there', 'deny gpt-not-to-main', ask(agent('gpt'), 'heal', { branch: 'main' })],
    ['Cursor to main waits', 'needs_approval agent-plan-approved', ask(agent('cursor'), 'run', { branch: 'main' })],
    ['an approver approves', 'allow approve', ask(person('approver'), 'approve', { proposer: agent('gpt') })],
    ['an owner approves', 'allow approve', ask(person('owner'), 'approve', { proposer: person('operator', 'bob') })],
    [
      'but not what may be their own',
      'deny not-of-who-is-unknown',
      ask(person('owner'), 'approve', { proposer: machine }),
    ],
    [
      'nor by a key of nobody',
      'deny not-of-who-is-unknown',
      ask(person('owner'), 'approve', { proposer: { ...key, person: null } }),
    ],
    [
      'nor by a schedule of nobody',
      'deny not-of-who-is-unknown',
      ask(person('owner'), 'approve', { proposer: { ...cron('owner'), kind: 'system', person: null } }),
    ],
    [
      'an agent of nobody thinks for itself',
      'allow approve',
      ask(person('owner'), 'approve', { proposer: agent('gpt') }),
    ],
    ['an operator does not', 'deny', ask(person('operator'), 'approve', { proposer: agent('gpt') })],
    [
      'an agent does not',
      'deny agents-never-approve',
      ask(agent('cursor', { person: 'ada' }), 'approve', { proposer: agent('gpt') }),
    ],
    ['a key does not', 'deny agents-never-approve', ask(key, 'approve', { proposer: agent('gpt') })],
    [
      'the machine approves what an agent asked',
      'allow machine-approves',
      ask(machine, 'approve', { proposer: agent('gpt') }),
    ],
    [
      'the machine not what its user asked',
      'deny not-the-machines-own',
      ask(machine, 'approve', { proposer: machine }),
    ],
    [
      'nor what somebody asked who may be its user',
      'deny not-the-machines-own',
      ask(machine, 'approve', { proposer: person('operator') }),
    ],
    [
      'a linked one what others asked',
      'allow machine-approves',
      ask(linked, 'approve', { proposer: person('operator', 'bob') }),
    ],
    [
      'a linked one not what its person asked',
      'deny not-by-ones-machine not-the-machines-own',
      ask(linked, 'approve', { proposer: person('operator', 'ada') }),
    ],
    ['nor what their key asked', 'deny not-by-ones-machine', ask(linked, 'approve', { proposer: key })],
    [
      'nobody their own',
      'deny not-ones-own',
      ask(person('owner', 'ada'), 'approve', { proposer: person('owner', 'ada') }),
    ],
    ['nor what their key asked', 'deny not-ones-own', ask(person('owner', 'ada'), 'approve', { proposer: key })],
    [
      'nor what their schedule asked',
      'deny not-ones-own',
      ask(person('owner', 'ada'), 'approve', { proposer: cron('owner') }),
    ],
    [
      'nor what their machine asked',
      'deny not-ones-own',
      ask(person('owner', 'ada'), 'approve', { proposer: { ...machine, person: 'ada' } }),
    ],
    [
      'but what their agent asked',
      'allow approve',
      ask(person('owner', 'ada'), 'approve', { proposer: agent('gpt', { person: 'ada' }) }),
    ],
    ['a schedule runs what its maker may', RUN, ask(cron('operator'), 'run', { isolated: false })],
    ['a schedule waits in production', 'needs_approval production-approved', ask(cron('owner'), 'run', production)],
    ['a schedule of one who left runs nothing', 'deny trigger-maker-may-run', ask(cron(null), 'run')],
    ['a schedule of a viewer runs nothing', 'deny trigger-maker-may-run', ask(cron('viewer'), 'run')],
    ['a trigger of the room is the agent cron', RUN, ask({ ...cron('operator'), kind: 'system' }, 'run')],
    [
      'and no way round what waits',
      'needs_approval production-approved',
      ask({ ...cron('owner'), kind: 'system' }, 'run', production),
    ],
    ['nor round its maker’s role', 'deny trigger-maker-may-run', ask({ ...cron(null), kind: 'system' }, 'run')],
    [
      'what GPT scheduled is GPT’s',
      'deny gpt-not-to-main',
      ask({ ...agent('gpt'), kind: 'system', role: 'operator' }, 'run', { branch: 'main' }),
    ],
    [
      'and waits as GPT does',
      'needs_approval agent-plan-approved',
      ask({ ...agent('gpt'), kind: 'system', role: 'operator' }, 'run'),
    ],
    ['an operator controls', 'allow run', ask(person('operator'), 'control', {}, { name: 'confirm' })],
    ['an agent cancels', 'allow run', ask(agent('gpt'), 'control', {}, { name: 'cancel' })],
    ['an agent confirms nothing', 'deny agents-only-stop-runs', ask(agent('gpt'), 'control', {}, { name: 'confirm' })],
  ])('%s: %s', (_, expected, decision) => {
    expect(said(decision)).toBe(expected);
  });
});
