import { z } from 'zod';
import { missingWith, resolveInputs } from '#compile/inputs.js';
import { readsOf, secretMark } from '#execute/scope.js';
import type { JsonObject } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';
import { preview } from '#ir/preview.js';
import { OpsroomError } from '#kit/errors.js';
import { operation } from '../operation.js';
import { compiledOnce } from '../plans/compiled-once.js';
import { jsonObject } from '../plans/input.js';
import { previewedStep, previewStep } from '../plans/step-preview.js';
import type { Project } from '../project.js';
import { renderedNames } from '../runs/prepare.js';
import { sendingProblem } from '../runs/sending.js';
import { requireTemplate } from './find.js';
import { templateName } from './name.js';

const templatePreview = z.object({
  name: z.string(),
  title: z.string(),
  target: z.json(),
  inputs: jsonObject,
  /** Required, and neither given nor usual. */
  missing: z.array(z.string()),
  /** Why a run would refuse these inputs; null: it would not. */
  problem: z.string().nullable(),
  steps: z.array(z.object(previewedStep)),
});
export type TemplatePreview = z.infer<typeof templatePreview>;

export const previewTemplate = operation({
  name: 'templates.preview',
  summary:
    'Show what a template would do with these inputs, and which are missing or wrong. Runs nothing, checks nothing; `plans.dryRun` looks at what must hold.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ template: templateName, inputs: jsonObject.default({}) }),
  output: templatePreview,
  run: async ({ template: name, inputs: given }, room: Project) => {
    const { plan } = await compiledOnce((await requireTemplate(room.project, name)).given, room.contracts);
    const { inputs, problem } = inputsFor(plan, given);
    const secrets = Object.fromEntries([...readsOf(plan).secrets].map((secret) => [secret, secretMark(secret)]));
    // With an input missing nothing is known of any: what it would become must not look like a fault of the template.
    const shown = { ...(problem === null ? { inputs } : {}), env: room.ports.planEnv, secrets };
    return {
      name,
      title: textOf(preview(plan.title, shown)),
      target: preview((plan.target ?? {}) as JsonObject, shown),
      inputs,
      missing: missingWith(plan, given),
      problem: problem ?? (await sendingProblem(plan, renderedNames(plan, inputs).target, room))?.message ?? null,
      steps: plan.steps.map((step) => previewStep(step, shown)),
    };
  },
});

function inputsFor(plan: Plan, given: JsonObject): { inputs: JsonObject; problem: string | null } {
  try {
    return { inputs: resolveInputs(plan, given), problem: null };
  } catch (error) {
    if (!(error instanceof OpsroomError)) throw error;
    return { inputs: given, problem: error.message };
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
