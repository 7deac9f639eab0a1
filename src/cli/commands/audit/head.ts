import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { auditHead } from '#operations/audit/head.js';
import { invoke } from '#operations/invoke.js';
import { refuseExisting, unwritable } from '../../out-file.js';
import { withExistingRoom } from '../../session.js';
import type { AuditCall } from './options.js';

export async function head({ options, output }: AuditCall): Promise<number> {
  return withExistingRoom(async ({ room }) => {
    const signed = await invoke(auditHead, {}, room);
    output.print(`${signed.size} entries, root ${signed.root}`);
    output.print(`signed at ${signed.at} with the key ${signed.keyid}`);
    for (const { from, to, file } of signed.segments) output.print(`${from} to ${to - 1} left for the file ${file}`);
    if (options.out !== undefined) {
      const file = resolve(options.out);
      await refuseExisting(file, options);
      await writeFile(file, `${JSON.stringify(signed)}\n`).catch(unwritable(file));
      output.note(
        `Wrote ${file}. Keep it elsewhere: \`opsroom audit verify FILE --against\` it shows later that nothing before was changed.`,
      );
    }
    output.result(signed);
    return 0;
  });
}
