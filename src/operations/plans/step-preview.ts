import { z } from 'zod';
import type { Scope } from '#ir/expressions.js';
import type { Step } from '#ir/plan.js';
import { preview, previewExpression } from '#ir/preview.js';

/** A step with its arguments as far as they are known before it runs. */
export const previewedStep = {
  id: z.string(),
  title: z.string(),
  tool: z.string().nullable(),
  action: z.string(),
  /** Null: it depends on what earlier steps find. */
  starts: z.boolean().nullable(),
  items: z.int().nullable(),
  args: z.json(),
  verifiers: z.array(z.object({ id: z.string(), kind: z.string(), required: z.boolean(), config: z.json() })),
  rollback: z.array(z.object({ id: z.string(), tool: z.string().nullable(), args: z.json() })),
};
const view = z.object(previewedStep);

/** @param shown what is known, with marks in place of secrets: it is for eyes */
export function previewStep(step: Step, shown: Scope): z.infer<typeof view> {
  const list =
    typeof step.forEach?.items === 'string' ? previewExpression(step.forEach.items, shown) : step.forEach?.items;
  const starts = step.if === undefined ? true : previewExpression(step.if, shown);
  return {
    id: step.id,
    title: step.title,
    tool: step.tool ?? null,
    action: step.action,
    starts: typeof starts === 'boolean' ? starts : null,
    items: Array.isArray(list) ? list.length : null,
    args: preview(step.args, shown),
    verifiers: step.verifiers.map(({ id, kind, required, config }) => ({
      id,
      kind,
      required,
      config: preview(config, shown),
    })),
    rollback: (step.rollback ?? []).map(({ id, tool, args }) => ({
      id,
      tool: tool ?? null,
      args: preview(args, shown),
    })),
  };
}
