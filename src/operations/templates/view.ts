import { z } from 'zod';
import { describeInputs, neededNames } from '#compile/template/describe.js';
import { OpsroomError } from '#kit/errors.js';
import { compiledOnce } from '../plans/compiled-once.js';
import type { Room } from '../room.js';
import type { FoundTemplate } from './find.js';

export const templateView = z.object({
  name: z.string(),
  origin: z.enum(['shipped', 'project']),
  kind: z.string(),
  title: z.string(),
  summary: z.string(),
  tags: z.array(z.string()),
  steps: z.int(),
  inputs: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      required: z.boolean(),
      default: z.json(),
      description: z.string(),
      choices: z.array(z.json()),
    }),
  ),
  needs: z.object({
    secrets: z.array(z.string()),
    env: z.array(z.string()),
    /** What the machine must have, as preconditions name it. */
    names: z.array(z.string()),
  }),
  /** Why it cannot be used; null: it can. */
  problem: z.string().nullable(),
});
export type TemplateView = z.infer<typeof templateView>;

/** A template as it is listed; one that does not compile with the reason. */
export async function showTemplate(
  found: FoundTemplate,
  { contracts }: Pick<Room, 'contracts'>,
): Promise<TemplateView> {
  const { name, origin, given } = found;
  try {
    const { plan, needs } = await compiledOnce(given, contracts);
    return {
      name,
      origin,
      kind: plan.kind,
      title: plan.title,
      summary: plan.description.trim(),
      tags: [...(plan.metadata.tags ?? [])],
      steps: plan.steps.length,
      inputs: describeInputs(plan.inputSchema).map((input) => ({ ...input, choices: [...input.choices] })),
      needs: { secrets: [...needs.secrets], env: [...needs.env], names: neededNames(plan) },
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof OpsroomError)) throw error;
    const nothing = { kind: '', title: name, summary: '', tags: [], steps: 0, inputs: [] };
    return { name, origin, ...nothing, needs: { secrets: [], env: [], names: [] }, problem: error.message };
  }
}
