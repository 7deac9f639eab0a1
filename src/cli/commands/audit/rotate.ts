import { resolve } from 'node:path';
import { rotateAudit } from '#operations/audit/rotate.js';
import { invoke } from '#operations/invoke.js';
import { refuseExisting } from '../../out-file.js';
import { withExistingRoom } from '../../session.js';
import { type AuditCall, daysOf, required } from './options.js';

export async function rotate({ options, output }: AuditCall): Promise<number> {
  const olderThanDays = daysOf(options.olderThan);
  const file = resolve(required(options.out));
  await refuseExisting(file, {}); // an older segment is the only copy of its entries: no --force here
  return withExistingRoom(async ({ room }) => {
    const gone = await invoke(rotateAudit, { olderThanDays, file }, room);
    output.print(`${gone.entries} entries, from ${gone.from} to ${gone.to - 1}, left the database for ${file}`);
    output.print(`sha256 ${gone.sha256}. It is the only copy of them now: keep it where it will be found.`);
    output.result(gone);
    return 0;
  });
}
