import { z } from 'zod';
import { toolPatternsSchema } from '#ir/allowlist.js';
import { LANES } from '#ir/plan.js';
import { jsonObject, planInput } from '../plans/input.js';
import { runReference } from '../runs/reference.js';

/** How an intent names its plan: one that comes with it, a file below the project folder, or that of an earlier run. */
const planReference = z.union([
  planInput,
  z.strictObject({
    name: z
      .string()
      .min(1)
      .max(300)
      .describe(
        'A plan file or a runbook below the project folder of the room, or a template: `ops/deploy.yaml`, `template:deploy-vercel`.',
      ),
    section: z.string().max(200).optional().describe('Of a runbook: the anchor of the section that is meant.'),
  }),
  z.strictObject({
    run: runReference.describe('An earlier run, to be run again.'),
    from: z.string().optional().describe('This step and all that follow run again; without it, what was not done.'),
    fresh: z.boolean().default(false).describe('From its beginning; nothing is taken over.'),
  }),
]);
export type PlanReference = z.output<typeof planReference>;

export const reasonText = z.string().trim().max(2000);

export const intentAsked = z.strictObject({
  intent: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe(
      'What is wanted, such as `deploy`. Without a plan it says which: by `intents.yaml`, as `ops/deploy.yaml`, or as a template.',
    ),
  target: z.string().trim().min(1).max(200).optional().describe('Where, such as `staging`: the plan must work there.'),
  plan: planReference.optional().describe('The plan, where `intent` is not enough to find it.'),
  inputs: jsonObject.default({}),
  lane: z.enum(LANES).optional(),
  priority: z.int().min(-1000).max(1000).optional(),
  session: z.string().min(1).max(120).optional().describe('The session of the run, by name or id.'),
  tools: toolPatternsSchema.optional().describe('What the run may call, and nothing else: `shell`, `mcp:github:*`.'),
  /** Absolute path of the folder where an `inplace` plan works; without it, the folder of the plan's file. */
  folder: z.string().optional(),
  /** A person has seen the plan of this runbook, although the file was never reviewed. */
  seen: z.boolean().default(false),
  reason: reasonText.default('').describe('Why; those who decide read it.'),
});
export type IntentAsked = z.output<typeof intentAsked>;
