import type { Plan } from '#ir/plan.js';
import { type Undoing, undoingOf } from '#ir/undoing.js';
import type { paths } from '../api/schema.js';

/** A compiled plan, a dry run, as the API answers them. */
export type Compiled = paths['/v1/plans/compile']['post']['responses'][200]['content']['application/json'];
export type DryRun = paths['/v1/plans/dry-run']['post']['responses'][200]['content']['application/json'];

/** A step of the plan itself, as far as the page shows it. */
export interface PlanStep {
  readonly id: string;
  readonly title: string;
  readonly kind?: string;
  readonly tool?: string;
  readonly action?: string;
  readonly args?: unknown;
  readonly if?: string;
  readonly forEach?: unknown;
  readonly preconditions?: readonly (
    | string
    | { readonly id: string; readonly kind: string; readonly config?: unknown }
  )[];
  readonly verifiers?: readonly {
    readonly id: string;
    readonly kind: string;
    readonly required?: boolean;
    readonly config?: unknown;
  }[];
  readonly rollback?: readonly { readonly id: string; readonly tool?: string; readonly args?: unknown }[];
  readonly timeoutMs?: number;
}

/** The step of this name; the API types a plan as JSON, whose form `plans.compile` has checked. */
export function stepOf({ plan }: Compiled, id: string | undefined): PlanStep | undefined {
  const { steps } = plan as { steps: readonly PlanStep[] };
  return steps.find((step) => step.id === id);
}

/** What takes a step back, of its own and of other steps. */
export function undoingStep({ plan }: Compiled, id: string): readonly Undoing[] {
  return undoingOf(plan as Pick<Plan, 'steps'>).get(id) ?? [];
}

/** The inputs of the plan: its own values, and their schema. */
export function inputsOfPlan({ plan }: Pick<Compiled, 'plan'>): Pick<Plan, 'inputs' | 'inputSchema'> {
  const { inputs, inputSchema } = plan as Pick<Plan, 'inputs' | 'inputSchema'>;
  return { inputs, inputSchema };
}

/** What the plan says of itself, among it the phases of its steps. */
export function metadataOf({ plan }: Compiled): Readonly<Record<string, unknown>> {
  return (plan as { metadata: Readonly<Record<string, unknown>> }).metadata;
}
