import { z } from 'zod';
import { EXPORT_FORMS } from '#compile/export/forms.js';
import type { Plan } from '#ir/plan.js';
import { operation } from '../operation.js';
import { planAsked } from '../templates/find.js';
import { compileGiven, planInput } from './input.js';

/** What `--to` and `to` may say. */
export const exportForm = z.enum(EXPORT_FORMS);

const exportedView = z.object({
  to: exportForm,
  title: z.string(),
  /** What the file is usually called. */
  file: z.string(),
  text: z.string(),
  /** What the form says otherwise, or what fails there. */
  notes: z.array(z.string()),
  /** What the plan says and the form does not: `retryPolicy of build`. */
  notCarried: z.array(z.string()),
});
type ExportedView = z.infer<typeof exportedView>;

export const exportPlanOperation = operation({
  name: 'plans.export',
  summary:
    'Take a plan elsewhere: as a GitHub Actions workflow, a task for Claude Code or Codex, or Markdown. Says what that form cannot.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ plan: planInput, to: exportForm }),
  output: exportedView,
  run: async ({ plan: asked, to }, room) => {
    const { plan } = await compileGiven(await planAsked(asked, room.project), room.contracts);
    return showExported(plan, to);
  },
});

/** A compiled plan in another form, as doors show it. */
export async function showExported(plan: Plan, to: z.infer<typeof exportForm>): Promise<ExportedView> {
  const { exportPlan } = await import('#compile/export/export.js');
  const { text, file, notes, notCarried } = exportPlan(plan, to);
  return { to, title: plan.title, file, text, notes: [...notes], notCarried: [...notCarried] };
}
