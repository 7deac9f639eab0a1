import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AUDIT_EXPORT, auditExport, auditExportInput } from '#operations/audit/export.js';
import { authorise, validated } from '#operations/invoke.js';
import { size } from '../../format.js';
import { refuseExisting, unwritable } from '../../out-file.js';
import { withExistingRoom } from '../../session.js';
import { type AuditCall, filterOf } from './options.js';

export async function exportLog({ options, output }: AuditCall): Promise<number> {
  const { out, format } = options;
  return withExistingRoom(async ({ room }) => {
    authorise(AUDIT_EXPORT, room);
    const asked = validated(auditExportInput, { ...filterOf(options, room.ports.clock.now()), format });
    const file = out === undefined ? undefined : resolve(out);
    if (file !== undefined) await refuseExisting(file, options);
    const pieces = await auditExport(room, asked);
    if (file === undefined) {
      for await (const piece of pieces) output.raw(piece);
      return 0;
    }
    const target = createWriteStream(file, { mode: 0o600 });
    await pipeline(Readable.from(pieces), target).catch(unwritable(file));
    output.print(`Wrote ${file} (${size(target.bytesWritten)}). Check it anywhere: opsroom audit verify ${out}`);
    output.result({ file, bytes: target.bytesWritten, format });
    return 0;
  });
}
