import { z } from 'zod';
import type { JsonSchema, JsonValue } from './json.js';
import { ID_PATTERN, stepSchema, verifierSchema } from './plan.js';

/** In lower case, as its file is called. */
export const SKILL_NAME = /^[a-z0-9][a-z0-9-]{0,49}$/;
const name = z.string().regex(ID_PATTERN);
const json: z.ZodType<JsonValue> = z.json();
const jsonSchema = z.record(z.string(), json) as unknown as z.ZodType<JsonSchema & object>;

/**
 * A skill: steps that belong together, with what they may use, where, for how long, what goes in and out, and what judges the whole.
 * In its expressions `args.NAME` is what a plan gives it; inputs, secrets and environment of the plan it does not see.
 */
export const skillSchema = z.strictObject({
  apiVersion: z.literal('opsroom/v1').optional(),
  id: z.string().max(200).optional(),
  /** As its file is called. */
  slug: z.string().regex(SKILL_NAME, 'lower-case letters, digits and "-", at most 50'),
  name: z.string().min(1).max(200),
  version: z.string().min(1).max(50).default('1.0.0'),
  description: z.string().min(1).max(2000),
  /** The tools that its steps use; no other may. */
  tools: z.array(z.string().min(1)).min(1),
  constraints: z.strictObject({
    /** No run of the skill takes longer: the time limits of its steps, with their attempts, are held within it. */
    max_runtime_ms: z
      .int()
      .min(1)
      .max(31 * 86_400_000),
    /** Environments of a plan's target where it may be used; default: all. */
    allowed_envs: z.array(z.string().min(1)).min(1).optional(),
  }),
  inputSchema: jsonSchema,
  outputSchema: jsonSchema,
  steps: z
    .array(stepSchema.omit({ skill: true, idx: true }))
    .min(1)
    .max(50),
  /** Name → expression over its steps: what the step of the plan puts out. */
  outputs: z.record(name, json).default({}),
  /** Judge the whole, once all steps are done. */
  verifiers: z.array(verifierSchema).default([]),
});
export type Skill = z.output<typeof skillSchema>;

/** A skill, and the digest of what it says. */
export interface KnownSkill {
  readonly skill: Skill;
  readonly digest: string;
}
