import { z } from 'zod';
import { CSV_COLUMNS, csvRow } from '#record/audit-csv.js';
import { exportLines } from '#record/audit-export.js';
import { type ExportLine, lineText } from '#record/audit-lines.js';
import { type AuditFilter, oldestEntries, type StoredEntry } from '#record/audit-store.js';
import type { Room } from '../room.js';
import { auditFilter, storedFilter } from './filter.js';
import { auditTree } from './tree.js';

export const AUDIT_FORMATS = ['json', 'csv'] as const;

/** Asked of `GET /v1/audit/export` and `opsroom audit export`. */
export const auditExportInput = z.strictObject({ ...auditFilter, format: z.enum(AUDIT_FORMATS).default('json') });

/** A file is no JSON answer, so this is no operation of the registry; doors authorise it by this. */
export const AUDIT_EXPORT = { name: 'audit.export', permission: 'audit:read' } as const;

const PAGE = 1000;

/**
 * The audit log as a file, piece by piece: JSON lines, or CSV. The export itself is in the log first, and so in the file.
 */
export async function auditExport(
  room: Room,
  { format, ...asked }: z.output<typeof auditExportInput>,
): Promise<AsyncIterable<string>> {
  const filter = storedFilter(asked);
  const shown = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
  const at = room.ports.clock.now().toISOString();
  await room.calls.note(room.org, { at, kind: 'audit.exported', actor: room.by, data: { format, filter: shown } });
  return inForm(format, await exported(room, filter, shown));
}

/** @param range which entries are shown, when not all */
export async function exported(
  room: Room,
  filter: AuditFilter,
  shown: Readonly<Record<string, string | number | boolean>>,
  range: { readonly from?: number; readonly to?: number } = {},
): Promise<AsyncIterable<ExportLine>> {
  const tree = await auditTree(room);
  const { org, key, ports } = room;
  const to = Math.min(range.to ?? tree.size, tree.size);
  const entries = pages(room, filter, { from: range.from ?? 0, to });
  return exportLines({ tree, entries, org, filter: { ...shown }, key, now: () => ports.clock.now() });
}

async function* pages(
  { database, org }: Room,
  filter: AuditFilter,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<StoredEntry> {
  for (let next = from; ; ) {
    const page = await database.door(org, (tx) => oldestEntries(tx, org, filter, { from: next, to, limit: PAGE }));
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    next = last.entry.seq + 1;
  }
}

/** The lines as a file of a form has them, with their ends. */
export async function* inForm(
  format: (typeof AUDIT_FORMATS)[number],
  lines: AsyncIterable<ExportLine>,
): AsyncGenerator<string> {
  if (format === 'csv') yield `${CSV_COLUMNS.join(',')}\r\n`;
  for await (const line of lines) yield format === 'csv' ? `${csvRow(line)}\r\n` : `${lineText(line)}\n`;
}
