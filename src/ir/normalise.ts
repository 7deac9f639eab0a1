import type { z } from 'zod';
import { jsonDigest } from './digest.js';
import type { JsonObject } from './json.js';
import type { Plan, planSchema, RollbackStep, rollbackStepSchema, Step, stepSchema } from './plan.js';

type ParsedPlan = z.output<typeof planSchema>;
type ParsedStep = z.output<typeof stepSchema>;
type ParsedRollback = z.output<typeof rollbackStepSchema>;

const DEFAULT_LIMIT = 10;

/**
 * Fills in what may be left out of a plan. `defaultAction` says what a tool does when the plan does not.
 *
 * - `kind` follows from `tool` and `skill`; neither means `system`.
 * - `title` is the id; `idx` is the place.
 * - Steps come in the order of `idx`, where given.
 * - Steps without `dependsOn` depend on nothing and run side by side. Only a plan in the seed's form (no `apiVersion`,
 *   and no step with `dependsOn`) is a sequence: there each step depends on the one before.
 */
export function normalisePlan(plan: ParsedPlan, defaultAction: (tool: string) => string | undefined): Plan {
  const ordered = plan.steps.map((step, place) => ({ step, idx: step.idx ?? place })).sort((a, b) => a.idx - b.idx);
  const sequential = plan.apiVersion === undefined && plan.steps.every((step) => step.dependsOn === undefined);
  const steps = ordered.map(({ step, idx }, place): Step => {
    const before = sequential ? ordered[place - 1]?.step.id : undefined;
    return normaliseStep(step, idx, step.dependsOn ?? (before === undefined ? [] : [before]), defaultAction);
  });
  return { ...plan, steps };
}

function normaliseStep(
  step: ParsedStep,
  idx: number,
  dependsOn: string[],
  defaultAction: (tool: string) => string | undefined,
): Step {
  const { rollback, forEach, ...rest } = step;
  const result: Step = { ...rest, ...inferred(step, idx, defaultAction), dependsOn: [...new Set(dependsOn)] };
  if (rollback !== undefined) {
    result.rollback = rollback.map(
      (back, place): RollbackStep => ({ ...back, ...inferred(back, back.idx ?? place, defaultAction) }),
    );
  }
  if (forEach !== undefined)
    result.forEach = typeof forEach === 'string' ? { items: forEach, limit: DEFAULT_LIMIT } : forEach;
  return result;
}

function inferred(step: ParsedStep | ParsedRollback, idx: number, defaultAction: (tool: string) => string | undefined) {
  const kind = step.kind ?? (step.tool !== undefined ? 'tool' : step.skill !== undefined ? 'skill' : 'system');
  const action = step.action ?? (step.tool === undefined ? undefined : defaultAction(step.tool)) ?? 'run';
  return { idx, kind, action, title: step.title ?? step.id };
}

/**
 * SHA-256 (hex) over the canonical JSON of the normalised plan. Who stored it and when (`id`, `created_at`) is outside,
 * so the same plan has the same digest everywhere.
 */
export function planDigest(plan: Plan): string {
  const { id: _id, created_at: _createdAt, ...content } = plan;
  // RFC 8785 leaves undefined members out, so that optional fields never set do not count.
  return jsonDigest(content as JsonObject);
}
