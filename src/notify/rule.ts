import { z } from 'zod';
import { isZone } from '#kit/zone.js';

/** What somebody may want to be told. */
export const NOTICE_EVENTS = [
  'run.failed',
  'run.succeeded',
  'run.waits',
  'approval.waits',
  'worker.lost',
  'room.degraded',
] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

const secret = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'name a secret: letters, digits and "_"');
const address = z.email().max(320);
const allowAddresses = z
  .array(z.string().max(64))
  .max(20)
  .default([])
  .describe('Private addresses that it may lead to, such as `10.0.0.0/8`; without, none.');

/** Where a message goes. Credentials, and addresses that are as good as one, stand here by the name of a secret. */
export const placeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('slack'), urlSecret: secret.describe('Holds the incoming webhook’s URL.') }),
  z.strictObject({ kind: z.literal('discord'), urlSecret: secret.describe('Holds the webhook’s URL.') }),
  z.strictObject({
    kind: z.literal('webhook'),
    url: z.url({ protocol: /^https?$/ }).max(2048),
    signingSecret: secret.describe('Signs each message, as Standard Webhooks do.'),
    allowAddresses,
  }),
  z.strictObject({
    kind: z.literal('email'),
    to: z.array(address).min(1).max(20),
    from: address,
    smtpSecret: secret.describe('Holds the server: `smtps://USER:PASSWORD@HOST:465`, or `smtp://…:587` for STARTTLS.'),
    allowAddresses,
  }),
]);
export type Place = z.output<typeof placeSchema>;

/** `22:00` to `07:00` in a zone, each day; over midnight as well. */
export const quietSchema = z
  .strictObject({
    from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write it as 22:00'),
    to: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write it as 07:00'),
    zone: z.string().max(64).refine(isZone, 'is no time zone, such as Europe/Berlin'),
  })
  .refine(({ from, to }) => from !== to, 'would be quiet all day: pause the rule instead');
export type Quiet = z.output<typeof quietSchema>;

/** Only what fits all that is given. */
export const onlySchema = z.strictObject({
  environment: z.string().min(1).max(100).optional(),
  app: z.string().min(1).max(100).optional(),
  lane: z.enum(['A', 'B', 'C', 'D']).optional(),
});
export type Only = z.output<typeof onlySchema>;

/** What happened, as a message tells it. */
export interface NoticeFacts {
  readonly title: string;
  /** Why, what is waited for, who asked. */
  readonly detail?: string | null;
  readonly by?: string | null;
  readonly lane?: string | null;
  readonly environment?: string | null;
  readonly app?: string | null;
  /** Below the room's address: `/runs/ID`. */
  readonly path: string;
  /** ISO 8601. */
  readonly at: string;
}

export const fits = (only: Only, facts: NoticeFacts): boolean =>
  (only.environment === undefined || only.environment === facts.environment) &&
  (only.app === undefined || only.app === facts.app) &&
  (only.lane === undefined || only.lane === facts.lane);
