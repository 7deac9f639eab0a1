/** Forms that a plan can be taken elsewhere in. */
export const EXPORT_FORMS = ['github-actions', 'claude-code', 'codex', 'markdown'] as const;
export type ExportForm = (typeof EXPORT_FORMS)[number];
