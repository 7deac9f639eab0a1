import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import type { EndLine } from '#record/audit-lines.js';
import { firstSince, readSegments, rotateEntries, treeSize } from '#record/audit-store.js';
import { fillBlocks } from '#record/audit-tree.js';
import { appendAudit } from '#record/store.js';
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
    const { sha256, end } = await writeSegment(room, { from, to, file });
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

async function writeSegment(
  room: Room,
  { from, to, file }: { readonly from: number; readonly to: number; readonly file: string },
): Promise<{ readonly sha256: string; readonly end: EndLine }> {
  const aside = `${file}.part`;
  const hash = createHash('sha256');
  let end: EndLine | undefined;
  const lines = await exported(room, {}, { from, to }, { from, to });
  const watched = (async function* () {
    for await (const line of lines) {
      if (line.row === 'end') end = line.value;
      yield line;
    }
  })();
  const handle = await open(aside, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
    throw new OpsroomError('USAGE', { what: `The file cannot be written: ${cause.code}.`, where: aside, cause });
  });
  try {
    for await (const text of inForm('json', watched)) {
      hash.update(text);
      await handle.write(text);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  const report = await verifyAuditFile(aside, { keys: [room.key.publicKeyPem] });
  if (!report.ok || !end || report.entries !== to - from) {
    await rm(aside, { force: true });
    const what = `Nothing was removed: the segment does not verify. ${report.what ?? 'Entries are missing.'}`;
    throw new OpsroomError('AUDIT_BROKEN', {
      what,
      ...(report.seq === undefined ? {} : { where: `entry ${report.seq}` }),
    });
  }
  await rename(aside, file);
  return { sha256: hash.digest('hex'), end };
}
