import type { KeyObject } from 'node:crypto';
import { sha256 } from '#ir/digest.js';
import { auditLeaf, parseTreeHead, TREE_HEAD_TYPE } from './audit.js';
import { markOf } from './audit-export.js';
import { type AboutLine, type EndLine, INDEX_TYPE, indexSchema, lineText, MARK_BYTES } from './audit-lines.js';
import { type AuditReport, Broken, broken, type ParsedExport, type Row, readExport } from './audit-read.js';
import { type Envelope, keyId, parsePublicKey, verifyEnvelope } from './dsse.js';
import { Frontier, subtreesOf } from './subtrees.js';

/** An earlier root of the same log: from a head that was kept, or an export. */
export interface EarlierHead {
  readonly envelope: Envelope;
  /** The leaves that the earlier file shows, to find the entry that was rewritten. */
  readonly leaves: ReadonlyMap<number, string>;
}

export interface VerifyOptions {
  /** Public keys (PEM) of which one must have signed; with none, the enclosed one is taken at its word. */
  readonly keys?: readonly string[];
  readonly earlier?: EarlierHead | undefined;
}

/**
 * Checks an export of the audit log without the room: every hash is computed anew, up to the signed root. Never throws for what
 * the file holds, and names the first entry at fault.
 *
 * @param lines of the file, without their ends; JSON lines or CSV
 */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  options: VerifyOptions = {},
): Promise<AuditReport> {
  try {
    return judge(await readExport(lines), options);
  } catch (error) {
    if (error instanceof Broken) return error.report;
    throw error;
  }
}

/** What an export says its tree was, for comparing a later one with it; a report when it cannot be read. */
export async function earlierFrom(lines: AsyncIterable<string> | Iterable<string>): Promise<EarlierHead | AuditReport> {
  try {
    const { rows, end } = await readExport(lines);
    const leaves = rows.flatMap(({ row, value }): [number, string][] =>
      row === 'entry' ? [[value.entry.seq, value.leaf]] : [],
    );
    return { envelope: end.head, leaves: new Map(leaves) };
  } catch (error) {
    if (error instanceof Broken) return error.report;
    throw error;
  }
}

function judge(found: ParsedExport, { keys = [], earlier }: VerifyOptions): AuditReport {
  const { about, rows, end } = found;
  for (const row of rows) checkRow(row, about);
  checkOrder(rows);
  const key = signerOf(end, keys);
  const head = signedHead(end.head, key.objects);
  checkIndex(found, key.objects);
  const last = rows.at(-1);
  const size = last ? endOf(last) : 0;
  if (size < head.size) broken('truncated', `Entries from ${size} on are missing.`, { seq: size });
  if (size > head.size) broken('inserted', `The signed tree has ${head.size} entries.`, { seq: head.size });
  const agreesWith = compare(found, earlier && { ...earlier, head: signedHead(earlier.envelope, key.objects) });
  const { root } = head;
  if (grown(rows).root().toString('hex') !== root) broken('tree', 'The entries do not give the signed root.');
  return {
    ok: true,
    org: about.org,
    size,
    root,
    entries: rows.filter(({ row }) => row === 'entry').length,
    filter: about.filter,
    key: key.told,
    ...(agreesWith === undefined ? {} : { agreesWith }),
  };
}

const startOf = (row: Row): number => (row.row === 'entry' ? row.value.entry.seq : row.value.from);
const endOf = (row: Row): number => (row.row === 'entry' ? row.value.entry.seq + 1 : row.value.to);

/** What a row says of itself. */
function checkRow(row: Row, { org }: AboutLine): void {
  const at = { seq: startOf(row), line: row.line };
  if (row.row === 'gap') {
    if (subtreesOf(row.value).length !== row.value.nodes.length) {
      broken('altered', `What stands for entries ${row.value.from} to ${row.value.to - 1} does not fit them.`, at);
    }
    return;
  }
  const { entry, leaf } = row.value;
  if (entry.org !== org) broken('altered', `Entry ${entry.seq} is of another organisation.`, at);
  if (auditLeaf(entry).toString('hex') !== leaf) broken('altered', `Entry ${entry.seq} is not what its hash says.`, at);
}

/** Each row begins where the one before it ends. */
function checkOrder(rows: readonly Row[]): void {
  const starts = new Set(rows.map(startOf));
  let next = 0;
  for (const row of rows) {
    const start = startOf(row);
    const at = { line: row.line };
    if (start < next) broken('inserted', `Entry ${start} stands here a second time.`, { seq: start, ...at });
    if (start > next && starts.has(next))
      broken('moved', `Entry ${start} stands before entry ${next}.`, { seq: start, ...at });
    if (start > next) broken('dropped', `Entry ${next} is missing.`, { seq: next, ...at });
    next = endOf(row);
  }
}

function signerOf({ publicKey, head }: EndLine, pinned: readonly string[]) {
  const texts = pinned.length > 0 ? pinned : [publicKey];
  const objects = texts.flatMap((pem) => parsePublicKey(pem) ?? []);
  const signer = objects.find((key) => verifyEnvelope(head, key));
  if (!signer)
    broken('signature', `The tree head is not signed with the ${pinned.length > 0 ? 'given' : 'enclosed'} key.`);
  const told = { keyid: keyId(signer), trust: pinned.length > 0 ? ('pinned' as const) : ('enclosed' as const) };
  return { objects, told };
}

const signedBy = (envelope: Envelope, keys: readonly KeyObject[]): boolean =>
  keys.some((key) => verifyEnvelope(envelope, key));

function signedHead(envelope: Envelope, keys: readonly KeyObject[]) {
  const head = envelope.payloadType === TREE_HEAD_TYPE ? parseTreeHead(envelope.payload) : undefined;
  if (!head || !signedBy(envelope, keys)) broken('signature', 'A tree head is not signed with the key.');
  return head;
}

/** The signed index says what each row was. */
function checkIndex({ about, rows, end }: ParsedExport, keys: readonly KeyObject[]): void {
  const index =
    end.index.payloadType === INDEX_TYPE && signedBy(end.index, keys) ? parseIndex(end.index.payload) : undefined;
  if (!index) broken('signature', 'The index of the lines is not signed with the key.');
  if (index.about !== sha256(lineText({ row: 'about', value: about }))) {
    broken('altered', 'The first line is not what was written.', { line: 1 });
  }
  const marks = Buffer.from(index.marks, 'base64');
  for (const [i, row] of rows.entries()) {
    const at = { seq: startOf(row), line: row.line };
    if ((i + 1) * MARK_BYTES > marks.length) broken('inserted', `Row ${i + 1} was not there.`, at);
    if (!markOf(row).equals(marks.subarray(i * MARK_BYTES, (i + 1) * MARK_BYTES))) {
      broken('altered', `Entry ${at.seq} is not the one that was written.`, at);
    }
  }
  const last = rows.at(-1);
  if (marks.length > rows.length * MARK_BYTES)
    broken('truncated', 'Entries are missing at the end.', { seq: last ? endOf(last) : 0 });
}

function parseIndex(payload: string) {
  try {
    return indexSchema.safeParse(JSON.parse(Buffer.from(payload, 'base64').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** The tree of the rows, or of those that end at `size`; undefined when `size` lies within a gap. */
function grown(rows: readonly Row[]): Frontier;
function grown(rows: readonly Row[], size: number): Frontier | undefined;
function grown(rows: readonly Row[], size?: number): Frontier | undefined {
  const tree = new Frontier();
  for (const row of rows) {
    if (tree.size === size) return tree;
    if (row.row === 'entry') tree.add(Buffer.from(row.value.leaf, 'hex'));
    else {
      const levels = subtreesOf(row.value);
      for (const [i, node] of row.value.nodes.entries()) {
        tree.add(Buffer.from(node, 'hex'), levels[i]?.level ?? 0);
        if (tree.size === size) return tree;
      }
    }
  }
  return size === undefined || tree.size === size ? tree : undefined;
}

type Comparable = EarlierHead & { readonly head: { readonly size: number; readonly root: string } };

/** Whether the log still begins as it did; the size of the earlier head when it does. */
function compare({ rows }: ParsedExport, earlier: Comparable | undefined): number | undefined {
  if (!earlier) return undefined;
  const { size, root } = earlier.head;
  const last = rows.at(-1);
  if (last && endOf(last) < size) {
    broken('truncated', `The log had ${size} entries, and has ${endOf(last)}.`, { seq: endOf(last) });
  }
  const other = rows.find(
    ({ row, value }) =>
      row === 'entry' && earlier.leaves.has(value.entry.seq) && earlier.leaves.get(value.entry.seq) !== value.leaf,
  );
  if (other) broken('rewritten', `Entry ${startOf(other)} was another.`, { seq: startOf(other), line: other.line });
  const before = grown(rows, size);
  if (!before) broken('not comparable', `The earlier head ends within entries that are left out here, at ${size}.`);
  if (before.root().toString('hex') !== root) {
    broken('rewritten', `The first ${size} entries are not those of the earlier head.`);
  }
  return size;
}
