import { z } from 'zod';
import { canonicalJson } from '#ir/digest.js';
import { issueWords } from '#kit/form-words.js';
import { envelopeSchema } from './dsse.js';
import { parseHostileJson } from './hostile-json.js';

/** An export of the audit log is lines of JSON; docs/audit.md specifies them for other implementations. */
export const EXPORT_TYPE = 'application/vnd.opsroom.audit-export+jsonl;version=1';
export const INDEX_TYPE = 'application/vnd.opsroom.audit-index+json';
/** An entry has some kilobytes; the last line holds a mark of 8 bytes for each row. */
export const MOST_LINE_BYTES = 128 * 1024 * 1024;

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const seq = z.int().min(0);
const text = z.string();

const entry = z.strictObject({
  org: text,
  seq,
  at: text,
  kind: text,
  actor: text,
  data: z.record(z.string(), z.json()),
});

const about = z.strictObject({
  mediaType: z.literal(EXPORT_TYPE),
  org: text,
  at: text,
  /** How many entries the tree has. */
  size: z.int().min(1),
  /** What was asked for: everything when it is empty. */
  filter: z.record(z.string(), z.json()),
});
const entryRow = z.strictObject({ leaf: hex, entry });
/** Entries `[from, to)` that are not shown, as the roots of the complete subtrees that they make, from the left. */
const gapRow = z.strictObject({ from: seq, to: seq, nodes: z.array(hex).min(1).max(128) });
const end = z.strictObject({ head: envelopeSchema, index: envelopeSchema, publicKey: z.string().max(2000) });

export type AboutLine = z.infer<typeof about>;
export type EntryLine = z.infer<typeof entryRow>;
export type GapLine = z.infer<typeof gapRow>;
export type EndLine = z.infer<typeof end>;
export type ExportLine =
  | { readonly row: 'about'; readonly value: AboutLine }
  | { readonly row: 'entry'; readonly value: EntryLine }
  | { readonly row: 'gap'; readonly value: GapLine }
  | { readonly row: 'end'; readonly value: EndLine };

const SHAPES = { about, entry: entryRow, gap: gapRow, end } as const;
/** By the member that no other line has. */
const TOLD_BY = { mediaType: 'about', entry: 'entry', nodes: 'gap', head: 'end' } as const;

/** What the signed last line says of all lines, so that each is found that was changed afterwards. */
export const indexSchema = z.strictObject({
  v: z.literal(1),
  /** Digest of the first line. */
  about: hex,
  size: z.int().min(1),
  root: hex,
  /** `MARK` bytes for each row, in base64. */
  marks: z.base64(),
});
export const MARK_BYTES = 8;

export const lineText = (line: ExportLine): string => canonicalJson(line.value);

/** One line of an export. `problem` says in a few words why it is none. */
export function parseLine(json: string): ExportLine | { readonly problem: string } {
  const parsed = parseHostileJson(Buffer.from(json), MOST_LINE_BYTES);
  if ('problem' in parsed) return parsed;
  const { value } = parsed;
  if (typeof value !== 'object' || value === null) return { problem: 'no line of an export' };
  const told = Object.entries(TOLD_BY).find(([member]) => Object.hasOwn(value, member));
  if (!told) return { problem: 'no line of an export' };
  const row = told[1];
  const { error } = SHAPES[row].safeParse(value);
  const issue = error?.issues[0];
  // The value itself and not zod's copy, which would drop keys such as `__proto__` and so change digests.
  if (!issue) return { row, value } as ExportLine;
  return { problem: issueWords(issue.path.map(String).join('.') || 'it', issue) };
}
