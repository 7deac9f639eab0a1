import type { JsonValue } from '#ir/json.js';
import { type ExportLine, lineText } from './audit-lines.js';

/** The last column is the line of the JSON export, which the hashes are over; the others are for reading. */
export const CSV_COLUMNS = [
  'row',
  'seq',
  'at',
  'source',
  'kind',
  'actor',
  'door',
  'address',
  'operation',
  'outcome',
  'ms',
  'leaf',
  'json',
] as const;

/** Entries that an outside agent wrote. A kind of the room's own never begins so. */
export const EXTERNAL = 'external:';
/** Whose word an entry is. */
export const sourceOf = (kind: string): 'room' | 'external' => (kind.startsWith(EXTERNAL) ? 'external' : 'room');

/** A line of an export as a row of CSV (RFC 4180), without its line end. */
export function csvRow(line: ExportLine): string {
  return [...cellsOf(line), lineText(line)].map(quoted).join(',');
}

function cellsOf(line: ExportLine): string[] {
  if (line.row === 'gap') return [line.row, String(line.value.from), ...blank(10)];
  if (line.row !== 'entry') return [line.row, ...blank(11)];
  const { leaf, entry } = line.value;
  const { data, kind } = entry;
  const from = data['from'];
  const origin = typeof from === 'object' && from !== null && !Array.isArray(from) ? from : {};
  const room = sourceOf(kind) === 'room';
  const own = (value: JsonValue | undefined): string => (room ? cell(value) : '');
  return [
    line.row,
    String(entry.seq),
    cell(entry.at),
    sourceOf(kind),
    cell(kind),
    cell(entry.actor),
    own(origin['door']),
    own(origin['address']),
    own(data['operation']),
    own(data['outcome']),
    own(data['ms']),
    leaf,
  ];
}

const blank = (count: number): string[] => Array.from({ length: count }, () => '');

/** A spreadsheet would take a cell that begins so for a formula. */
const FORMULA = /^[=+\-@]/;

/** Only texts and numbers; what would break the row or run in a spreadsheet is made harmless. The JSON column has it as it was. */
function cell(value: JsonValue | undefined): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  const text = String(value)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .trimStart();
  return FORMULA.test(text) ? `'${text}` : text;
}

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The cells of a row; undefined when its quotes do not match. */
export function parseCsvRow(row: string): string[] | undefined {
  const cells: string[] = [];
  for (let at = 0; at <= row.length; ) {
    const closed = row[at] === '"';
    const end = closed ? closingQuote(row, at + 1) : nextComma(row, at);
    if (end === undefined) return undefined;
    cells.push(closed ? row.slice(at + 1, end).replaceAll('""', '"') : row.slice(at, end));
    at = (closed ? end + 1 : end) + 1;
    if (closed && at <= row.length && row[at - 1] !== ',') return undefined;
  }
  return cells;
}

const nextComma = (row: string, from: number): number => {
  const found = row.indexOf(',', from);
  return found < 0 ? row.length : found;
};

function closingQuote(row: string, from: number): number | undefined {
  for (let at = row.indexOf('"', from); at >= 0; at = row.indexOf('"', at + 2)) if (row[at + 1] !== '"') return at;
  return undefined;
}
