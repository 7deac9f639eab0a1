import { createHash, randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { nameFile } from '#kit/name-file.js';
import type { EndLine, ExportLine } from '#record/audit-lines.js';
import { appendAudit, firstSince, readSegments, rotateEntries, treeSize } from '#record/audit-store.js';
import { fillBlocks } from '#record/audit-tree.js';
import { BLOCK } from '#record/subtrees.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { exported, inForm } from './export.js';
import { verifyAuditFile } from './verify.js';

/**
 * Moves old entries into a file. Not in the registry: the file lies on the machine of the room, so that only its command line
 * may ask. The file is written, flushed, read back and verified before a row goes; the database lets go of nothing else.
 */
export const rotateAudit = operation({
  name: 'audit.rotate',
  summary:
    'Move entries older than some days out of the database into a file that verifies by itself. Their leaf hashes stay, and so every proof.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({ olderThanDays: z.int().min(1).max(36_500), file: z.string().min(1) }),
  output: z.object({ from: z.int(), to: z.int(), entries: z.int(), file: z.string(), sha256: z.string() }),
  run: async ({ olderThanDays, file }, room) => {
    const { from, to } = await rotatable(room, olderThanDays);
    const { sha256, end } = await writeSegment(room, { from, to }, file);
    const at = room.ports.clock.now().toISOString();
    const segment = { to, head: end.head, file: sha256, by: room.by };
    const entries = await room.database.engineTx(async (tx) => {
      const gone = await rotateEntries(tx, room.org, segment);
      const data = { from, to, sha256, olderThanDays };
      await appendAudit(tx, room.org, [{ at, kind: 'audit.rotated', actor: room.by, data }]);
      return gone;
    });
    return { from, to, entries, file, sha256 };
  },
});

/** Whole blocks of entries that are all old enough. @throws OpsroomError NOT_ALLOWED_NOW when there is none */
async function rotatable(room: Room, days: number): Promise<{ readonly from: number; readonly to: number }> {
  const { database, org, ports } = room;
  const before = new Date(ports.clock.now().getTime() - days * 86_400_000).toISOString();
  const size = await treeSize(database.engine, org);
  const young = (await firstSince(database.engine, org, before)) ?? size - 1;
  const from = (await readSegments(database.engine, org)).at(-1)?.to ?? 0;
  const to = Math.floor(young / BLOCK) * BLOCK;
  if (to <= from) {
    const what = `There are not ${BLOCK} entries older than ${days} days that could go.`;
    throw new OpsroomError('NOT_ALLOWED_NOW', {
      what,
      mend: `Entries go in blocks of ${BLOCK}: wait, or name fewer days.`,
    });
  }
  for (let kept = 0; kept < to / BLOCK; ) {
    const now = await database.engineTx((tx) => fillBlocks(tx, org));
    if (now === kept) break;
    kept = now;
  }
  return { from, to };
}

interface Range {
  readonly from: number;
  readonly to: number;
}

interface Segment {
  readonly sha256: string;
  readonly end: EndLine;
}

/**
 * Writes entries aside, reads them back, and gives the file its name, which no other has. After that it is there for good: what is
 * deleted of the database is nowhere else.
 * @throws OpsroomError USAGE when the file cannot be written, or its name is taken; AUDIT_BROKEN when it does not verify
 */
async function writeSegment(room: Room, range: Range, file: string): Promise<Segment> {
  const aside = `${file}.${randomBytes(6).toString('hex')}.part`;
  try {
    const segment = await writeAside(room, range, aside);
    await requireWhole(room, range, aside);
    await nameFile(aside, file);
    return segment;
  } catch (error) {
    await rm(aside, { force: true });
    throw unwritable(error, file) ?? error;
  }
}

async function writeAside(room: Room, range: Range, aside: string): Promise<Segment> {
  const handle = await open(aside, 'wx', 0o600);
  const hash = createHash('sha256');
  const ends: EndLine[] = [];
  try {
    const lines = await exported(room, {}, { ...range }, range);
    for await (const text of inForm(
      'json',
      withEnd(lines, (end) => ends.push(end)),
    )) {
      hash.update(text);
      await handle.write(text);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  const [end] = ends;
  if (!end) throw new OpsroomError('AUDIT_BROKEN', { what: 'Nothing was removed: the segment has no end.' });
  return { sha256: hash.digest('hex'), end };
}

async function* withEnd(lines: AsyncIterable<ExportLine>, found: (end: EndLine) => void): AsyncGenerator<ExportLine> {
  for await (const line of lines) {
    if (line.row === 'end') found(line.value);
    yield line;
  }
}

async function requireWhole(room: Room, { from, to }: Range, file: string): Promise<void> {
  const { ok, entries, what, seq } = await verifyAuditFile(file, { keys: [room.key.publicKeyPem] });
  if (ok && entries === to - from) return;
  throw new OpsroomError('AUDIT_BROKEN', {
    what: `Nothing was removed: the segment does not verify. ${what ?? 'Entries are missing.'}`,
    ...(seq === undefined ? {} : { where: `entry ${seq}` }),
  });
}

/** What the file system says, in words. */
function unwritable(error: unknown, file: string): OpsroomError | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('path' in error)) return undefined;
  const { code } = error as NodeJS.ErrnoException;
  const what = code === 'EEXIST' ? 'There is a file of that name already.' : `The file cannot be written: ${code}.`;
  return new OpsroomError('USAGE', { what, where: file, mend: 'Name another one.', cause: error });
}
