import { AT, HEX, RUN } from './example-run.js';

const time = { at: '2026-11-23T01:30:00.000Z', local: '2026-11-23T02:30+01:00' };

const fire = {
  dueAt: '2026-11-20T01:30:00.000Z',
  local: '2026-11-20T02:30+01:00',
  cause: 'time',
  state: 'started',
  times: 1,
  code: null,
  reason: null,
  runId: RUN,
  intentId: null,
  askedBy: null,
};

const schedule = {
  scheduleId: '019ab3c0-3f11-7a20-8c41-2d0e9b6a7f55',
  name: 'nightly-backup',
  cron: '30 2 * * 1-5',
  zone: 'Europe/Berlin',
  plan: { file: 'ops/backup.md', section: 'back-up' },
  title: 'Back up',
  lane: null,
  session: null,
  host: 'build-1',
  folder: null,
  inputs: { bucket: 'nightly' },
  overlap: 'skip',
  catchUp: 'last',
  catchUpMost: 10,
  jitterS: 0,
  madeBy: 'person:ada@ops.example',
  createdAt: AT,
  changedAt: AT,
  paused: false,
  pausedBy: null,
  next: time,
  last: fire,
};

const named = { schedule: 'nightly-backup' };
const paused = { ...schedule, paused: true, pausedBy: 'person:ada@ops.example', next: null, last: null };

export const SCHEDULE_EXAMPLES = {
  'schedules.list': { input: {}, output: { schedules: [schedule] } },
  'schedules.create': {
    input: {
      name: 'nightly-backup',
      cron: '30 2 * * 1-5',
      zone: 'Europe/Berlin',
      plan: { follow: 'ops/backup.md', section: 'back-up' },
      inputs: { bucket: 'nightly' },
      catchUp: 'last',
    },
    output: { ...schedule, last: null },
  },
  'schedules.get': { input: named, output: { ...schedule, upcoming: [time] } },
  'schedules.update': {
    input: { ...named, plan: { digest: HEX }, overlap: 'queue' },
    output: { ...schedule, plan: { digest: HEX }, overlap: 'queue', last: null },
  },
  'schedules.pause': { input: named, output: paused },
  'schedules.resume': { input: named, output: { ...schedule, last: null } },
  'schedules.remove': { input: named, output: paused },
  'schedules.fire': {
    input: named,
    output: { dueAt: AT, state: 'started', runId: RUN, intentId: null, code: null, reason: null },
  },
  'schedules.fires': { input: { ...named, limit: 50 }, output: { fires: [fire], next: null } },
  'schedules.preview': { input: { cron: '30 2 * * 1-5', zone: 'Europe/Berlin' }, output: { upcoming: [time] } },
};
