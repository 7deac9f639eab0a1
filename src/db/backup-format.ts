import { createHash, type Hash } from 'node:crypto';
import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';

/**
 * A backup is a gzip'd text of lines. An object is a mark, an array is a row of the table that was begun last, each
 * value as PostgreSQL's own text or null:
 *
 *     {"opsroom":"backup","format":1,"createdAt":…,"schema":[{"number":1,"sha256":…}],"partitions":[…]}
 *     {"table":"runs","columns":["org_id","id",…]}
 *     ["0000…","01ae…"]
 *     {"rows":1,"sha256":"…"}
 *     {"sequence":"runs_seqno_seq","last":"7","called":true}
 *     {"end":1}
 *
 * The digest is over the table's row lines, each with its line feed; `end` counts the tables.
 */
export const FORMAT = 1;

/** An artefact of 8 MiB is 16 MiB of hexadecimal digits; outputs are smaller. */
const LONGEST_LINE = 256 * 1024 * 1024;

const Name = z.string().min(1).max(63);
/** What may stand in a partition's bounds: it becomes part of a statement, so nothing but literals is let through. */
const LITERALS = String.raw`\((?:'[^'\\]*'|-?\d+|MINVALUE|MAXVALUE|, )+\)`;
const BOUND = new RegExp(`^(?:DEFAULT|FOR VALUES IN ${LITERALS}|FOR VALUES FROM ${LITERALS} TO ${LITERALS})$`);

const Header = z.object({
  opsroom: z.literal('backup'),
  format: z.literal(FORMAT),
  createdAt: z.string(),
  schema: z.array(z.object({ number: z.number().int(), sha256: z.string() })),
  partitions: z.array(z.object({ name: Name, parent: Name, bound: z.string().regex(BOUND) })),
});

const Mark = z.union([
  z.strictObject({ table: Name, columns: z.array(Name) }),
  z.strictObject({ rows: z.number().int(), sha256: z.string() }),
  z.strictObject({ sequence: Name, last: z.string().regex(/^-?\d{1,19}$/), called: z.boolean() }),
  z.strictObject({ end: z.number().int() }),
]);

export type BackupHeader = z.infer<typeof Header>;
export type BackupMark = z.infer<typeof Mark>;

/** The first line. Throws BACKUP_UNUSABLE when it is no backup of a format that we know. */
export function parseHeader(line: string): BackupHeader {
  const parsed = Header.safeParse(parseJson(line));
  if (parsed.success) return parsed.data;
  throw unusable('The file is not a backup of Opsroom, or of a newer version.');
}

/** A row line as it is, or what a mark says. Throws BACKUP_UNUSABLE. */
export function parseLine(line: string): { row: string } | { mark: BackupMark } {
  if (line.startsWith('[')) return { row: line };
  const parsed = Mark.safeParse(parseJson(line));
  if (parsed.success) return { mark: parsed.data };
  throw unusable('The backup is damaged: a line has no meaning.');
}

/** Counts and digests the rows of one table. */
export class TableTotal {
  private readonly hash: Hash = createHash('sha256');
  private rows = 0;

  add(row: string): void {
    this.rows += 1;
    this.hash.update(row).update('\n');
  }

  /** To be called once: a digest cannot go on afterwards. */
  finish(): { rows: number; sha256: string } {
    return { rows: this.rows, sha256: this.hash.digest('hex') };
  }
}

/**
 * Splits a byte stream at line feeds alone (rows may hold other separators, which node:readline would break at).
 * Throws BACKUP_UNUSABLE for a line past the limit or an end in the middle of a line.
 */
export async function* splitLines(source: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let pending: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      yield Buffer.concat([...pending, chunk.subarray(from, at)]).toString('utf8');
      pending = [];
      size = 0;
      from = at + 1;
    }
    pending.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > LONGEST_LINE) throw unusable('The backup is damaged: a line is too long.');
  }
  if (size > 0) throw unusable('The backup is cut off.');
}

export function unusable(what: string, cause?: unknown): OpsroomError {
  return new OpsroomError('BACKUP_UNUSABLE', cause === undefined ? { what } : { what, cause });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
