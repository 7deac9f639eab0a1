import { AT, HEX, RUN } from './example-run.js';

const envelope = {
  payloadType: 'application/vnd.opsroom.tree-head+json',
  payload: 'e30=',
  signatures: [{ keyid: HEX, sig: 'AA==' }],
};
const publicKey = '-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----\n';
const data = {
  operation: 'runs.start',
  who: { kind: 'agent', agent: 'gpt', key: '019ab3c0-9e02-7f44-8b13-5d1f0a7c2e31' },
  from: { door: 'http', address: '127.0.0.1' },
  subjects: { runId: RUN },
  outcome: 'ok',
  ms: 12.4,
  input: HEX,
};
const entry = {
  seq: 41,
  at: AT,
  source: 'room',
  kind: 'call.runs.start',
  actor: 'key:gpt',
  operation: 'runs.start',
  outcome: 'ok',
  data,
  leaf: HEX,
};
const inTree = {
  org: '00000000-0000-7000-8000-000000000001',
  seq: 41,
  at: AT,
  kind: entry.kind,
  actor: 'key:gpt',
  data,
};
const live = {
  runId: RUN,
  title: 'Say hello',
  status: 'running',
  lane: 'B',
  target: 'staging',
  requestedBy: 'key:gpt',
  startedAt: AT,
  steps: ['hello'],
  progress: { done: 0, total: 1 },
  waiting: null,
};

/** Of the audit log, and of what agents ask. */
export const AUDIT_EXAMPLES = {
  'audit.list': { input: { kind: 'call.', limit: 50 }, output: { entries: [entry], next: 41, size: 42 } },
  'audit.get': {
    input: { seq: 41 },
    output: { entry, proof: { entry: inTree, index: 41, size: 42, path: [HEX], treeHead: envelope }, publicKey },
  },
  'audit.head': {
    input: {},
    output: { size: 42, root: HEX, at: AT, envelope, publicKey, keyid: HEX, segments: [] },
  },
  'audit.consistency': {
    input: { first: 40, second: 42 },
    output: { first: 40, firstRoot: HEX, second: 42, secondRoot: HEX, path: [HEX] },
  },
  'audit.note': {
    input: { event: 'hourly_health', data: { disk: 'ok' } },
    output: { seq: 42, at: AT, event: 'external:gpt/hourly_health', actor: 'key:gpt', leaf: HEX },
  },
  'ai.status': {
    input: {},
    output: {
      status: 'ok',
      at: AT,
      version: '0.1.0',
      checks: [{ name: 'workers', ok: true, what: '1 at work' }],
      runs: { running: 1, queued: 0, waiting: 0, needPerson: 0, failedLastHour: 0 },
      workers: { working: 1, silent: 0 },
      errors: [],
    },
  },
  'ai.live': {
    input: {},
    output: {
      at: AT,
      running: [live],
      queued: [],
      waiting: [],
      events: [{ at: AT, runId: RUN, title: 'Say hello', type: 'run.started', step: null }],
    },
  },
  'ai.metrics': {
    input: { window: '24h' },
    output: {
      window: '24h',
      from: '2026-11-20T06:16:22.000Z',
      to: AT,
      runs: { succeeded: 38, failed: 2, rolledBack: 0, successRate: 0.95 },
      durations: { medianMs: 41_000, p95Ms: 180_000, queueMedianMs: 12, queueP95Ms: 900 },
      verifiers: { total: 112, passed: 110, passRate: 0.98 },
      tools: [{ tool: 'shell', calls: 140, failed: 2, p50Ms: 410, p95Ms: 9200 }],
      uptime: { rate: 1, upMinutes: 1440, downMinutes: 0 },
      missed: [],
    },
  },
  'ai.audit': {
    input: { event: 'external:', limit: 50 },
    output: {
      entries: [
        {
          seq: 42,
          at: AT,
          source: 'external',
          event: 'external:gpt/hourly_health',
          actor: 'key:gpt',
          outcome: null,
          data: { note: { disk: 'ok' } },
        },
      ],
      next: null,
    },
  },
  'ai.testOpenai': {
    input: {},
    output: {
      ok: false,
      configured: false,
      provider: null,
      model: null,
      latencyMs: null,
      what: 'No language model is configured (OPSROOM_MODEL).',
    },
  },
};
