import { z } from 'zod';
import { sourceOf } from '#record/audit-csv.js';
import type { StoredEntry } from '#record/audit-store.js';

/** An entry of the audit log as it is shown. */
export const auditEntryView = z.object({
  /** Its place in the organisation's tree, from 0. */
  seq: z.int(),
  at: z.string(),
  /** `external`: an outside agent's own words. */
  source: z.enum(['room', 'external']),
  kind: z.string(),
  actor: z.string(),
  /** Of a call: the operation, and `ok` or the code of the refusal. */
  operation: z.string().nullable(),
  outcome: z.string().nullable(),
  data: z.record(z.string(), z.json()),
  /** Hash of the leaf, hex. */
  leaf: z.string(),
});
export type AuditEntryView = z.infer<typeof auditEntryView>;

/** What an outside agent wrote says nothing about operations of the room, whatever its data holds. */
export function shownEntry({ entry, leaf }: StoredEntry): AuditEntryView {
  const { seq, at, kind, actor, data } = entry;
  const source = sourceOf(kind);
  const told = (name: string) => {
    const value = source === 'room' ? data[name] : undefined;
    return typeof value === 'string' ? value : null;
  };
  return {
    seq,
    at,
    source,
    kind,
    actor,
    operation: told('operation'),
    outcome: told('outcome'),
    data,
    leaf: leaf.toString('hex'),
  };
}
