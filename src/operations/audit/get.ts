import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { entryAt, readSegments } from '#record/audit-store.js';
import { proveEntry } from '#record/audit-tree.js';
import { inclusionSchema } from '#record/statement.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { auditTree } from './tree.js';
import { auditEntryView, shownEntry } from './view.js';

export const getAuditEntry = operation({
  name: 'audit.get',
  summary:
    'Show one entry of the audit log, with the proof that it stands in the tree as it is now, and the key that signed that.',
  permission: 'audit:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ seq: z.coerce.number().int().min(0).describe('Its place in the log.') }),
  output: z.object({ entry: auditEntryView, proof: inclusionSchema, publicKey: z.string() }),
  run: async ({ seq }, room) => {
    const found = await room.database.door(room.org, (tx) => entryAt(tx, room.org, seq));
    if (!found) throw await absent(room, seq);
    const at = room.ports.clock.now().toISOString();
    const proof = await proveEntry(await auditTree(room), found.entry, { key: room.key, at });
    return { entry: shownEntry(found), proof, publicKey: room.key.publicKeyPem };
  },
});

async function absent({ database, org }: Room, seq: number): Promise<OpsroomError> {
  const segments = await database.door(org, (tx) => readSegments(tx, org));
  const segment = segments.find(({ from, to }) => seq >= from && seq < to);
  if (!segment) {
    return new OpsroomError('NOT_FOUND', { what: 'There is no such entry.', mend: 'List them: `opsroom audit list`.' });
  }
  return new OpsroomError('NOT_FOUND', {
    what: `The entry left the database for a file with those from ${segment.from} to ${segment.to - 1}.`,
    where: `sha256:${segment.file}`,
    mend: 'Look it up in the file that `opsroom audit rotate` wrote.',
  });
}
