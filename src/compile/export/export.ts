import type { Plan } from '#ir/plan.js';
import { claudeCode, codex, markdown } from './briefs.js';
import type { ExportForm } from './forms.js';
import { type Exported, githubActions } from './github-actions.js';

const WRITERS: Readonly<Record<ExportForm, (plan: Plan) => Exported>> = {
  'github-actions': githubActions,
  'claude-code': claudeCode,
  codex,
  markdown,
};

/** A compiled plan in another form, with notes about what that form cannot say. */
export function exportPlan(plan: Plan, form: ExportForm): Exported {
  return WRITERS[form](plan);
}
