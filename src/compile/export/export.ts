import type { Plan } from '#ir/plan.js';
import { claudeCode, codex, markdown } from './briefs.js';
import { type Exported, githubActions } from './github-actions.js';

/** Forms that a plan can be taken elsewhere in. */
export const EXPORT_FORMS = ['github-actions', 'claude-code', 'codex', 'markdown'] as const;
export type ExportForm = (typeof EXPORT_FORMS)[number];

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
