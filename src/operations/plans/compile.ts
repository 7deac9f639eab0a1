import { z } from 'zod';
import type { JsonValue } from '#ir/json.js';
import { contractsOf } from '../mcp/contracts.js';
import { operation } from '../operation.js';
import { planAsked } from '../templates/find.js';
import type { AnyCompiled } from './compiled.js';
import { explanationView, showExplanation } from './explained.js';
import { compileGiven, planInput } from './input.js';

const place = z.object({ file: z.string(), line: z.int(), column: z.int() });

export const compiledView = z.object({
  title: z.string(),
  digest: z.string(),
  steps: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      kind: z.string(),
      tool: z.string().optional(),
      dependsOn: z.array(z.string()),
      verifiers: z.array(z.string()),
      place: place.optional(),
    }),
  ),
  warnings: z.array(z.string()),
  needs: z.object({ secrets: z.array(z.string()), env: z.array(z.string()), inputs: z.array(z.string()) }),
  /** Of a runbook or a task list: what became of each of its blocks, or of each task. */
  explanation: explanationView.optional(),
  /** The plan with all that may be left out filled in: what the digest is over. */
  plan: z.json(),
});
export type CompiledView = z.infer<typeof compiledView>;

export const compilePlanOperation = operation({
  name: 'plans.compile',
  summary:
    'Check a plan without running it: form, graph, expressions, tools; answers its digest and what a run will need.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ plan: planInput }),
  output: compiledView,
  run: async ({ plan }, room) => {
    const given = await planAsked(plan, room.project);
    return showCompiled(await compileGiven(given, await contractsOf(room, given)));
  },
});

/** A compiled plan in the form that doors show. */
export function showCompiled(compiled: AnyCompiled): CompiledView {
  const { plan, digest, source, warnings, needs } = compiled;
  const steps = plan.steps.map((step) => {
    const place = source.get(step.id);
    return {
      id: step.id,
      title: step.title,
      kind: step.kind,
      ...(step.tool === undefined ? {} : { tool: step.tool }),
      dependsOn: step.dependsOn,
      verifiers: step.verifiers.map(({ id }) => id),
      ...(place ? { place } : {}),
    };
  });
  const { secrets, env, inputs } = needs;
  return {
    title: plan.title,
    digest,
    steps,
    warnings: [...warnings],
    needs: { secrets: [...secrets], env: [...env], inputs: [...inputs] },
    ...('explanation' in compiled ? { explanation: showExplanation(compiled.explanation) } : {}),
    plan: plan as unknown as JsonValue,
  };
}
