import { AT, HEX, RUN } from './example-run.js';

const delivery = {
  deliveryId: '019ab3c0-4b72-7d10-9e0c-5a1b7c3d9f24',
  senderId: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  event: 'push',
  receivedAt: AT,
  bodyDigest: HEX,
  bodyBytes: 7412,
  cut: false,
  redeliveryOf: null,
  redeliveredBy: null,
  state: 'started',
  code: null,
  reason: null,
  runId: RUN,
  intentId: null,
};

const webhook = {
  webhookId: '3f0e6d0a-8f0d-4c4e-9d4a-2b1f7c9e5a63',
  name: 'shop-push',
  form: 'github',
  url: 'https://ops.example/hooks/3f0e6d0a-8f0d-4c4e-9d4a-2b1f7c9e5a63',
  plan: { file: 'ops/deploy.yaml' },
  title: 'Deploy the shop',
  lane: 'B',
  session: null,
  host: 'build-1',
  folder: null,
  inputs: { ref: 'payload.after' },
  filter: 'event == "push" && payload.ref == "refs/heads/main"',
  madeBy: 'person:ada@ops.example',
  createdAt: AT,
  changedAt: AT,
  paused: false,
  pausedBy: null,
  last: delivery,
};

const secret = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDlKRvAzTs8aM=';
const named = { webhook: 'shop-push' };
const one = { ...named, delivery: delivery.deliveryId };
const body = '{"ref":"refs/heads/main","after":"6dcb09b5b57875f334f61aebed695e2e4193db5e"}';

export const WEBHOOK_EXAMPLES = {
  'webhooks.list': { input: {}, output: { webhooks: [webhook] } },
  'webhooks.create': {
    input: {
      name: 'shop-push',
      form: 'github',
      plan: { follow: 'ops/deploy.yaml' },
      inputs: webhook.inputs,
      filter: webhook.filter,
      lane: 'B',
    },
    output: { ...webhook, last: null, secret },
  },
  'webhooks.get': {
    input: named,
    output: { ...webhook, secrets: [{ n: 1, createdAt: AT, createdBy: webhook.madeBy, expiresAt: null }] },
  },
  'webhooks.update': { input: { ...named, filter: null }, output: { ...webhook, filter: null, last: null } },
  'webhooks.pause': { input: named, output: { ...webhook, paused: true, pausedBy: webhook.madeBy, last: null } },
  'webhooks.resume': { input: named, output: { ...webhook, last: null } },
  'webhooks.remove': { input: named, output: { ...webhook, last: null } },
  'webhooks.rotateSecret': { input: { ...named, keepS: 3600 }, output: { ...webhook, last: null, secret } },
  'webhooks.deliveries': { input: { ...named, limit: 50 }, output: { deliveries: [delivery], next: null } },
  'webhooks.delivery': {
    input: one,
    output: { ...delivery, headers: { 'x-github-event': 'push' }, body },
  },
  'webhooks.redeliver': {
    input: one,
    output: { ...delivery, redeliveryOf: delivery.deliveryId, redeliveredBy: 'person:bob@ops.example' },
  },
};
