import { z } from 'zod';
import { WEBHOOK_FORMS } from '#trigger/signature.js';
import { triggerName } from '../schedules/form.js';
import { jobInput } from '../triggers/job.js';

export const webhookReference = z.string().min(1).max(100).describe('The webhook, by its name or its id.');
const expression = z.string().min(1).max(4000);

/** What of a webhook may change. */
export const hookInput = {
  form: z
    .enum(WEBHOOK_FORMS)
    .default('standard')
    .describe('How the sender signs: as GitHub does, or as Standard Webhooks (an HMAC over id, time and body).'),
  inputs: z
    .record(z.string().max(200), expression)
    .refine((inputs) => Object.keys(inputs).length <= 100, 'give at most 100')
    .default({})
    .describe(
      'Name of an input → a CEL expression over `event`, `payload`, `headers` and `delivery`: `{"ref": "payload.ref"}`.',
    ),
  filter: expression
    .nullable()
    .default(null)
    .describe('Only events for which this CEL expression is true start anything: `event == "push"`.'),
  ...jobInput,
};

export const webhookName = triggerName;
export const givenSecret = z
  .string()
  .max(200)
  .optional()
  .describe('The secret to sign with, when the sender has one already; without it one is made.');
