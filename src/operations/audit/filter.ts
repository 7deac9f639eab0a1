import { z } from 'zod';
import type { AuditFilter } from '#record/audit-store.js';

const moment = z.iso.datetime({ offset: true }).optional();

/** What entries of the audit log can be narrowed by. */
export const auditFilter = {
  kind: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe(
      'The kind or its beginning: `call.` every call, `call.runs.` those about runs, `query.` questions, `external:` notes of agents.',
    ),
  actor: z.string().min(1).max(300).optional().describe('Whoever asked: `person:EMAIL`, `key:NAME`, `user:NAME@HOST`.'),
  since: moment.describe('ISO 8601; from this moment on.'),
  until: moment.describe('ISO 8601; before this moment.'),
  refused: z.boolean().optional().describe('true: only what was refused or failed.'),
};
const shape = z.strictObject(auditFilter);

/** The filter as the store compares it: times in the one form in which entries have them. */
export function storedFilter({ kind, actor, since, until, refused }: z.output<typeof shape>): AuditFilter {
  const form = (at: string | undefined) => (at === undefined ? undefined : new Date(at).toISOString());
  return { kind, actor, since: form(since), until: form(until), refused };
}
