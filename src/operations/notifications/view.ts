import { z } from 'zod';
import { NOTICE_EVENTS, onlySchema, placeSchema, quietSchema } from '#notify/rule.js';
import type { NotificationRow, RuleRow } from '#notify/store.js';

/** What a rule is made of. */
export const ruleShape = {
  name: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'use no control characters'),
  place: placeSchema.describe('Where messages go. Credentials stand there by the name of a secret.'),
  events: z.array(z.enum(NOTICE_EVENTS)).min(1).max(NOTICE_EVENTS.length).describe('What is told.'),
  only: onlySchema.default({}).describe('Only what is of this target or lane.'),
  quiet: quietSchema.nullable().default(null).describe('Hours in which messages are held back, each day.'),
  groupMinutes: z.int().min(0).max(1440).default(10).describe('What happens again within so long is told together.'),
  paused: z.boolean().default(false),
};

export const ruleView = z.object({
  ruleId: z.string(),
  name: z.string(),
  place: placeSchema,
  events: z.array(z.enum(NOTICE_EVENTS)),
  only: onlySchema,
  quiet: quietSchema.nullable(),
  groupMinutes: z.number(),
  paused: z.boolean(),
  createdBy: z.string(),
  createdAt: z.string(),
});
export type RuleView = z.infer<typeof ruleView>;

export function shownRule({ org: _, id, createdAt, ...row }: RuleRow): RuleView {
  return { ...row, ruleId: id, events: [...row.events], createdAt: createdAt.toISOString() };
}

export const notificationView = z.object({
  notificationId: z.string(),
  rule: z.string(),
  event: z.enum(NOTICE_EVENTS),
  title: z.string(),
  detail: z.string().nullable(),
  /** Below the room's address. */
  path: z.string(),
  status: z.enum(['pending', 'sending', 'sent', 'failed']),
  attempts: z.number(),
  /** Of one that waits: when it goes. */
  dueAt: z.string(),
  /** Why it has not arrived. */
  error: z.string().nullable(),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
});

export function shownNotification(row: NotificationRow): z.infer<typeof notificationView> {
  const { id, rule, event, facts, status, attempts, error } = row;
  return {
    notificationId: id,
    rule,
    event,
    title: facts.title,
    detail: facts.detail ?? null,
    path: facts.path,
    status,
    attempts,
    error,
    dueAt: row.dueAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
