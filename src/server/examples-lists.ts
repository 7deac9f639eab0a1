import { AT, DIGEST, RUN, runBasics } from './example-run.js';

const run = { run: RUN };

const session = '019ab3c0-a117-7b02-8d44-7f3c1e9b6a52';
const runSummary = {
  ...runBasics,
  shortId: '6f4e1d20',
  waiting: null,
  wakeAt: null,
  rollingBack: false,
  planDigest: DIGEST,
  target: { environment: 'staging' },
  parent: null,
  session: { sessionId: session, name: 'Move the shop' },
  archived: false,
  verdicts: { proven: 0, holds: 0, exitCodeOnly: 0, failed: 0 },
  notUndone: false,
  needsPerson: false,
};
const sessionShown = {
  sessionId: session,
  name: 'Move the shop',
  intent: 'The shop runs on the new host, without an hour of downtime.',
  createdBy: 'user:ada@build-1',
  createdAt: AT,
  archivedAt: null,
  archivedBy: null,
  allowedTools: null,
  runs: { total: 3, more: false, open: 1, failed: 0 },
  lastRunAt: AT,
};
const failedOfMine = { status: ['failed'], requestedBy: ['me'] };
const view = {
  viewId: '019ab3c0-b2c9-7d31-9e05-3a8f5d0c4b17',
  name: 'My failures',
  shared: false,
  filter: failedOfMine,
  createdBy: 'user:ada@build-1',
  createdAt: AT,
};
const counted = { count: 3, more: false };
const ofBulk = { runId: RUN, shortId: '6f4e1d20', title: 'Say hello', status: 'running' };
const archived = (is: boolean) => ({ runId: RUN, archived: is });

const dashboard = {
  window: '7d',
  from: '2026-11-14T06:16:22.000Z',
  to: AT,
  figures: [{ name: 'runSuccess', value: 0.94, of: 50, enough: 10, target: { over: 0.9 }, met: true }],
  runs: { succeeded: 47, failed: 2, rolledBack: 1, asked: 3 },
  queue: { runs: 53, p50Ms: 40, p95Ms: 1900 },
  verdicts: { total: 120, passed: 118 },
  uptime: { upMinutes: 10_000, downMinutes: 2, stoppedMinutes: 78 },
  tools: [{ tool: 'shell', calls: 90, failed: 2, unavailable: 0, p50Ms: 800, p95Ms: 31_000 }],
  slices: [
    {
      from: '2026-11-14T06:16:22.000Z',
      succeeded: 2,
      failed: 0,
      rolledBack: 0,
      asked: 0,
      durationP50Ms: 61_000,
      durationP95Ms: 92_000,
      queueP50Ms: 38,
    },
  ],
};

/** Examples of the operations on many runs: lists, sessions, saved views, the archive. */
export const LIST_EXAMPLES = {
  'dashboard.read': { input: { window: '7d' }, output: dashboard },
  'runs.list': { input: { status: ['running'], limit: 20 }, output: { runs: [runSummary], next: null } },
  'runs.archive': { input: { ...run, reason: 'a drill' }, output: archived(true) },
  'runs.unarchive': { input: run, output: archived(false) },
  'runs.bulkPreview': {
    input: { action: 'cancel', runs: [RUN] },
    output: {
      applies: 1,
      runs: [{ ...ofBulk, applies: true, what: 'Running steps are stopped; what was done stays as it is.' }],
    },
  },
  'runs.bulk': {
    input: { action: 'cancel', runs: [RUN], reason: 'the wrong branch' },
    output: {
      done: 1,
      notApplied: 0,
      failed: 0,
      runs: [
        {
          ...ofBulk,
          outcome: 'done',
          what: 'Running steps are stopped; what was done stays as it is.',
          newRunId: null,
        },
      ],
    },
  },
  'sessions.create': {
    input: { name: sessionShown.name, intent: sessionShown.intent, tools: sessionShown.allowedTools },
    output: sessionShown,
  },
  'sessions.list': { input: { archived: 'no', limit: 20 }, output: { sessions: [sessionShown], next: null } },
  'sessions.get': { input: { session }, output: sessionShown },
  'sessions.allow': { input: { session, tools: ['shell', 'mcp:github:*'] }, output: sessionShown },
  'sessions.rename': { input: { session, name: 'Move the shop' }, output: sessionShown },
  'sessions.archive': {
    input: { session },
    output: { ...sessionShown, archivedAt: AT, archivedBy: 'user:ada@build-1' },
  },
  'sessions.unarchive': { input: { session }, output: sessionShown },
  'views.create': { input: { name: view.name, filter: failedOfMine }, output: view },
  'views.list': {
    input: { counts: true },
    output: {
      builtIn: [{ viewId: 'all', name: 'All', filter: {}, runs: { count: 1000, more: true } }],
      saved: [{ ...view, runs: counted }],
    },
  },
  'views.delete': { input: { view: view.name }, output: view },
};
