import { AT, RUN } from './example-run.js';

const rule = {
  ruleId: '019ab3c0-c3d0-7e12-9a44-6b1f0c2d8e57',
  name: 'Failures to the team',
  place: { kind: 'slack', urlSecret: 'SLACK_WEBHOOK' },
  events: ['run.failed', 'approval.waits'],
  only: { environment: 'production' },
  quiet: { from: '22:00', to: '07:00', zone: 'Europe/Berlin' },
  groupMinutes: 10,
  paused: false,
  createdBy: 'user:ada@build-1',
  createdAt: AT,
};
const { name, place, events, only, quiet } = rule;
const notification = {
  notificationId: '019ab3c0-d4e1-7f23-8b55-7c2a1d3e9f68',
  rule: name,
  event: 'run.failed',
  title: 'Deploy the shop',
  detail: 'The server answered 502',
  path: `/runs/${RUN}`,
  status: 'failed',
  attempts: 6,
  dueAt: AT,
  error: 'The receiver answered 503.',
  createdAt: AT,
  endedAt: AT,
};
const named = { rule: name };

export const NOTIFICATION_EXAMPLES = {
  'notifications.rules': { input: {}, output: { rules: [rule] } },
  'notifications.create': { input: { name, place, events, only, quiet }, output: rule },
  'notifications.update': { input: { ...named, paused: true }, output: { ...rule, paused: true } },
  'notifications.remove': { input: named, output: rule },
  'notifications.test': { input: named, output: { arrived: true, error: null } },
  'notifications.list': { input: { limit: 50 }, output: { notifications: [notification] } },
  'notifications.retry': {
    input: { notification: notification.notificationId },
    output: { notificationId: notification.notificationId },
  },
};
