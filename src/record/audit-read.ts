import { CSV_COLUMNS, csvRow, parseCsvRow } from './audit-csv.js';
import {
  type AboutLine,
  type EndLine,
  type EntryLine,
  type ExportLine,
  type GapLine,
  lineText,
  parseLine,
} from './audit-lines.js';

export type AuditProblem =
  /** A line that is none of an export. */
  | 'form'
  /** An entry, or what stands for entries that are left out, is not what was written. */
  | 'altered'
  /** In a CSV file, a column says something else than the entry. */
  | 'columns'
  | 'dropped'
  | 'inserted'
  | 'moved'
  | 'truncated'
  | 'signature'
  /** The lines are whole, but the signed head is another tree's. */
  | 'tree'
  /** What stood before an earlier head is not what stands there now. */
  | 'rewritten'
  /** The earlier head lies within entries that are left out here. */
  | 'not comparable';

export interface AuditReport {
  readonly ok: boolean;
  readonly problem?: AuditProblem;
  /** A sentence about the problem. */
  readonly what?: string;
  /** The first entry at fault. */
  readonly seq?: number;
  /** Its line in the file, from 1. */
  readonly line?: number;
  readonly org?: string;
  readonly size?: number;
  readonly root?: string;
  readonly entries?: number;
  readonly filter?: AboutLine['filter'];
  readonly key?: { readonly keyid: string; readonly trust: 'pinned' | 'enclosed' };
  /** The size of the earlier head that this agrees with. */
  readonly agreesWith?: number;
}

/** A row of an export with its line in the file, from 1. */
export type Row = { readonly line: number } & (
  | { readonly row: 'entry'; readonly value: EntryLine }
  | { readonly row: 'gap'; readonly value: GapLine }
);

/** An export as it was read. */
export interface ParsedExport {
  readonly about: AboutLine;
  readonly rows: readonly Row[];
  readonly end: EndLine;
}

/** The first thing that is wrong. */
export class Broken extends Error {
  constructor(readonly report: AuditReport) {
    super(report.what);
  }
}

/** @throws Broken */
export function broken(problem: AuditProblem, what: string, at: { seq?: number; line?: number } = {}): never {
  throw new Broken({ ok: false, problem, what, ...at });
}

/**
 * Reads an export, JSON lines or CSV.
 *
 * @param lines of the file, without their ends
 * @throws Broken
 */
export async function readExport(lines: AsyncIterable<string> | Iterable<string>): Promise<ParsedExport> {
  let about: AboutLine | undefined;
  let end: EndLine | undefined;
  const rows: Row[] = [];
  let [line, csv, next] = [0, false, 0];
  for await (const raw of lines) {
    line += 1;
    const text = raw.replace(/\r$/, '');
    if (line === 1 && text === CSV_COLUMNS.join(',')) {
      csv = true;
      continue;
    }
    if (end) broken('inserted', 'Something follows the end of the export.', { seq: next, line });
    const parsed = readLine(text, { csv, line, next });
    if (parsed.row === 'end') end = parsed.value;
    else if (parsed.row === 'about') {
      if (about) broken('form', 'The export begins a second time.', { line });
      about = parsed.value;
    } else {
      if (!about) broken('form', 'It does not begin as an export does.', { line });
      rows.push({ ...parsed, line });
      next = parsed.row === 'entry' ? parsed.value.entry.seq + 1 : parsed.value.to;
    }
  }
  if (!about) broken('form', 'It is no export of an audit log.', { line: 1 });
  if (!end) broken('truncated', 'The end is missing, with the signed head.', { seq: next, line: line + 1 });
  return { about, rows, end };
}

function readLine(text: string, at: { csv: boolean; line: number; next: number }): ExportLine {
  const where = { seq: at.next, line: at.line };
  const json = at.csv ? parseCsvRow(text)?.at(-1) : text;
  if (json === undefined) broken('form', 'The row is no CSV.', where);
  const parsed = parseLine(json);
  if ('problem' in parsed) broken('form', `The line cannot be read: ${parsed.problem}.`, where);
  // One way to write it: otherwise a file could be changed without a difference that anybody finds.
  if (lineText(parsed) !== json) broken('form', 'The line is not written as an export is.', where);
  const seq = parsed.row === 'entry' ? parsed.value.entry.seq : at.next;
  if (at.csv && csvRow(parsed) !== text) {
    broken('columns', 'A column says something else than the entry.', { seq, line: at.line });
  }
  return parsed;
}
