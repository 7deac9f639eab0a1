import { AT, DIGEST, HEX, RUN, runBasics } from './example-run.js';
import { AUDIT_EXAMPLES } from './examples-audit.js';
import { DOCUMENT_EXAMPLES } from './examples-documents.js';
import { INTENT_EXAMPLES } from './examples-intents.js';
import { LIMIT_EXAMPLES } from './examples-limits.js';
import { LIST_EXAMPLES } from './examples-lists.js';
import { MCP_EXAMPLES } from './examples-mcp.js';
import { ME_EXAMPLES } from './examples-me.js';
import { MEMBER_EXAMPLES } from './examples-members.js';
import { MODEL_EXAMPLES } from './examples-models.js';
import { NOTIFICATION_EXAMPLES } from './examples-notifications.js';
import { POLICY_EXAMPLES } from './examples-policies.js';
import { REPLAY_EXAMPLES } from './examples-replay.js';
import { RUNBOARD_EXAMPLE } from './examples-runboard.js';
import { SCHEDULE_EXAMPLES } from './examples-schedules.js';
import { SECRET_EXAMPLES } from './examples-secrets.js';
import { SKILL_EXAMPLES } from './examples-skills.js';
import { TEMPLATE_EXAMPLES } from './examples-templates.js';
import { WEBHOOK_EXAMPLES } from './examples-webhooks.js';

/** An example of one operation, in the OpenAPI document; a test holds both against the schemas. */
export interface Example {
  /** Members of the path, the query and the body alike. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: unknown;
}

const run = { run: RUN };
const plan = {
  value: {
    apiVersion: 'opsroom/v1',
    title: 'Say hello',
    steps: [{ id: 'hello', tool: 'shell', args: { run: 'echo hello > hello.txt' } }],
  },
};
const started = { runId: RUN, planDigest: DIGEST, title: 'Say hello', steps: 1 };
const told = (status: string) => ({ runId: RUN, status });

const key = {
  keyId: '019ab3c0-9e02-7f44-8b13-5d1f0a7c2e31',
  name: 'ci',
  hint: 'opsr_k3Jx9Q',
  scopes: ['run:read', 'run:start'],
  agent: null,
  createdBy: 'user:ada@build-1',
  createdAt: AT,
  expiresAt: '2027-02-19T06:16:22.000Z',
  lastUsedAt: null,
  revokedAt: null,
  revokedBy: null,
};

const step = {
  id: 'hello',
  title: 'Say hello',
  status: 'running',
  word: null,
  attempts: 1,
  startedAt: AT,
  endedAt: null,
  error: null,
  isolation: null,
  person: null,
  wakeAt: null,
  held: null,
  question: null,
  reusedFrom: null,
  items: null,
  verdicts: [],
  tries: [],
};

const wholeRun = {
  ...runBasics,
  shortId: '6f4e1d20',
  planDigest: DIGEST,
  inputs: {},
  target: {},
  host: 'build-1',
  workspace: '/srv/opsroom/workspaces',
  parent: null,
  intent: null,
  approvals: [],
  glassBrokenBy: [],
  rollingBack: false,
  durationMs: 1200,
  error: null,
  waiting: null,
  asks: null,
  notUndone: [],
  declined: [],
  wakeAt: null,
  seq: 4,
  allowed: ['cancel', 'pause'],
  actions: [
    { action: 'cancel', allowed: true, why: null },
    { action: 'rerun', allowed: false, why: 'The run has not ended: it is running.' },
  ],
  mayCall: [{ of: 'run', tools: ['shell', 'mcp:github:*'] }],
  worker: { id: '019ab3c0-7c01-7d55-8a11-3b2a1f0e9d8c', host: 'build-1', epoch: 1 },
  spent: null,
  cost: null,
  steps: [step],
};

const stepDetail = {
  runId: RUN,
  step: 'hello',
  title: 'Say hello',
  description: null,
  kind: 'tool',
  tool: 'shell',
  action: 'run',
  dependsOn: [],
  written: { run: 'echo hello > hello.txt' },
  condition: null,
  preconditions: [],
  verifiers: [{ id: 'there', kind: 'file', required: true, config: { path: 'hello.txt' } }],
  rollback: [],
  timeoutMs: null,
  maxAttempts: 1,
  idempotent: false,
  readOnly: false,
  attempts: [
    {
      revision: 0,
      attempt: 1,
      status: 'done',
      startedAt: AT,
      endedAt: AT,
      args: { run: 'echo hello > hello.txt' },
      output: { exitCode: 0 },
      large: false,
      outputDigest: '9f86d081884c7d65'.repeat(4),
      word: 'proven',
      error: null,
      isolation: 'none',
      worker: { id: '019ab3c0-7c01-7d55-8a11-3b2a1f0e9d8c', epoch: 1 },
      person: null,
      wakeAt: null,
      reusedFrom: null,
      logLines: 1,
      verdicts: [
        {
          id: 'there',
          kind: 'file',
          required: true,
          passed: true,
          proven: true,
          basis: 'failed-before',
          word: 'proven',
          before: { state: 'failed', summary: 'hello.txt is not there.', evidence: {}, evidenceDigest: null },
          after: {
            summary: 'hello.txt is there.',
            evidence: { size: 6 },
            evidenceDigest: '9f86d081884c7d65'.repeat(4),
          },
        },
      ],
      baseline: [],
      artefacts: [],
    },
  ],
  question: null,
  items: null,
  source: [{ file: 'hello.yaml', from: 3, to: 5, label: null, text: '  - id: hello' }],
};

const dryRun = {
  title: 'Say hello',
  planDigest: DIGEST,
  inputs: {},
  target: {},
  workspace: '/srv/opsroom/workspaces',
  ready: true,
  warnings: [],
  steps: [
    {
      id: 'hello',
      title: 'Say hello',
      tool: 'shell',
      action: 'run',
      starts: true,
      items: null,
      args: { run: 'echo hello > hello.txt' },
      preconditions: [],
      verifiers: [],
      rollback: [],
    },
  ],
};

const compiled = {
  title: 'Say hello',
  digest: DIGEST,
  steps: [{ id: 'hello', title: 'Say hello', kind: 'tool', tool: 'shell', dependsOn: [], verifiers: [] }],
  warnings: [],
  needs: { secrets: [], env: [], inputs: [] },
  plan: plan.value,
};

const line = { step: 'hello', item: -1, attempt: 1, number: 1, stream: 'out', text: 'hello', dropped: 0 };

const chain = {
  runId: RUN,
  title: 'Say hello',
  status: 'running',
  planDigest: HEX,
  records: [
    {
      v: 1,
      run: RUN,
      seq: 0,
      at: AT,
      prev: '0'.repeat(64),
      body: {
        type: 'genesis',
        planDigest: HEX,
        inputsDigest: HEX,
        targetDigest: HEX,
        requestedBy: 'key:ci',
        approvals: [],
      },
      hash: HEX,
    },
  ],
  more: false,
  sealed: null,
};

const bundle = {
  mediaType: 'application/vnd.opsroom.proof+json;version=1',
  envelope: {
    payloadType: 'application/vnd.in-toto+json',
    payload: 'e30=',
    signatures: [{ keyid: '9f86d081884c7d65'.repeat(4), sig: 'AA==' }],
  },
  publicKey: '-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----\n',
};

const exported = {
  to: 'codex',
  title: 'Say hello',
  file: 'opsroom-task.codex.md',
  text: '# Say hello\n…',
  notes: [],
  notCarried: [],
};

/** One for each operation of the registry, by its name. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  ...INTENT_EXAMPLES,
  ...LIST_EXAMPLES,
  ...AUDIT_EXAMPLES,
  ...REPLAY_EXAMPLES,
  'runboard.get': RUNBOARD_EXAMPLE,
  'plans.compile': { input: { plan }, output: compiled },
  'plans.dryRun': { input: { plan, inputs: {} }, output: dryRun },
  'plans.export': { input: { plan, to: 'codex' }, output: exported },
  'runs.start': { input: { plan, inputs: {}, lane: 'B', idempotencyKey: 'build-4711' }, output: started },
  'runs.rerun': { input: { ...run, from: 'hello' }, output: started },
  'runs.get': { input: run, output: wholeRun },
  'runs.decisions': {
    input: run,
    output: {
      decisions: [
        {
          run: RUN,
          step: 'branch',
          item: null,
          attempt: 1,
          at: AT,
          tool: 'mcp:github:create_branch',
          call: 'mcp:github:create_branch',
          action: 'call',
          decision: 'allowed',
          permittedBy: [{ of: 'session', entry: 'mcp:github:*' }],
          refusal: null,
          askedBy: 'person:ada@ops.example',
          approvals: [],
          planDigest: DIGEST,
          source: null,
          model: null,
        },
      ],
      next: null,
    },
  },
  'runs.plan': {
    input: run,
    output: {
      runId: RUN,
      planDigest: DIGEST,
      plan: plan.value,
      source: {
        file: 'hello.yaml',
        text: 'title: Say hello\nsteps:\n  - id: hello\n    tool: shell\n    args: { run: echo hello > hello.txt }\n',
        places: [{ step: 'hello', from: 3, to: 5, label: null }],
      },
    },
  },
  'runs.step': { input: { ...run, step: 'hello' }, output: stepDetail },
  'runs.estimate': {
    input: run,
    output: {
      runId: RUN,
      basis: 'plan',
      runs: 38,
      p50Ms: 113_000,
      p90Ms: 263_000,
      path: ['hello'],
      persons: [],
      over: [],
      at: AT,
    },
  },
  'runs.logLines': {
    input: { ...run, step: 'hello', attempt: 1, from: 1, limit: 200 },
    output: { lines: [{ number: 1, stream: 'out', text: 'hello', dropped: 0, cut: 0 }], total: 1, gap: null },
  },
  'runs.searchLog': {
    input: { ...run, step: 'hello', attempt: 1, text: 'hell' },
    output: { found: [1], truncated: false },
  },
  'runs.logs': { input: { ...run, step: 'hello', tail: 100 }, output: { runId: RUN, lines: [line], truncated: false } },
  'runs.cancel': { input: { ...run, reason: 'the wrong branch' }, output: told('cancelled') },
  'runs.pause': { input: { ...run, reason: 'lunch' }, output: told('pausing') },
  'runs.resume': { input: run, output: told('queued') },
  'runs.rollback': { input: { ...run, reason: 'the release is broken' }, output: told('queued') },
  'runs.answer': {
    input: { ...run, step: 'release', question: HEX, content: { version: '1.4.0' } },
    output: told('queued'),
  },
  'runs.confirm': { input: { ...run, step: 'switch-dns', reason: 'the light is green' }, output: told('queued') },
  'runs.resolve': { input: { ...run, step: 'hello', as: 'done', reason: 'the file is there' }, output: told('queued') },
  'proofs.chain': { input: { ...run, after: -1, limit: 500 }, output: chain },
  'proofs.evidence': {
    input: { digest: HEX },
    output: { digest: HEX, evidence: { path: 'hello.txt', exists: true, size: 6 } },
  },
  'proofs.export': { input: run, output: { runId: RUN, bundle } },
  'proofs.verify': {
    input: run,
    output: {
      runId: RUN,
      ok: true,
      checks: [
        { name: 'form', ok: true, problem: null },
        { name: 'signature', ok: true, problem: null },
        { name: 'chain', ok: true, problem: null },
      ],
      firstBroken: null,
      status: 'succeeded',
      word: 'proven',
      planDigest: DIGEST,
      head: { seq: 3, hash: HEX },
      keyid: HEX,
      approvedBy: ['person:ada@ops.example'],
      omitted: 0,
    },
  },
  'keys.create': {
    input: { name: 'ci', scopes: ['run:read', 'run:start'], expires: '90d' },
    output: { ...key, key: 'opsr_k3Jx9QvJm0bTtq1c8Yk2nUe7WzR5aLdHf4sGoPiXy6E' },
  },
  'keys.list': { input: {}, output: { keys: [key] } },
  ...ME_EXAMPLES,
  ...POLICY_EXAMPLES,
  ...MEMBER_EXAMPLES,
  ...SCHEDULE_EXAMPLES,
  ...MCP_EXAMPLES,
  ...LIMIT_EXAMPLES,
  ...DOCUMENT_EXAMPLES,
  ...MODEL_EXAMPLES,
  ...TEMPLATE_EXAMPLES,
  ...SKILL_EXAMPLES,
  ...WEBHOOK_EXAMPLES,
  ...NOTIFICATION_EXAMPLES,
  ...SECRET_EXAMPLES,
  'keys.revoke': { input: { key: 'ci' }, output: { ...key, revokedAt: AT, revokedBy: 'user:ada@build-1' } },
};
