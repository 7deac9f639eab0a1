import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { invoke } from '#operations/invoke.js';
import { exportProofs } from '#operations/proofs/export.js';
import { type CommandModule, RUN_ARGUMENT } from '../command.js';
import { size } from '../format.js';
import { FORCE_OPTION, refuseExisting, unwritable } from '../out-file.js';
import { withExistingRoom } from '../session.js';

export const command: CommandModule = {
  register(command) {
    command
      .argument('<run>', RUN_ARGUMENT)
      .option('--out <file>', 'where to write the bundle; without it, stdout')
      .option(...FORCE_OPTION);
  },
  examples: ['proofs last --out deploy.proof.json', 'proofs last > deploy.proof.json'],
  run: ({ args: [run = ''], command, output }) =>
    withExistingRoom(async ({ room }) => {
      const { out, ...options } = command.opts<{ out?: string; force?: boolean }>();
      const { runId, bundle } = await invoke(exportProofs, { run }, room);
      const text = `${JSON.stringify(bundle)}\n`;
      if (out === undefined) {
        output.raw(text);
        return 0;
      }
      const file = resolve(out);
      await refuseExisting(file, options);
      await writeFile(file, text).catch(unwritable(file));
      const bytes = Buffer.byteLength(text);
      output.print(`Wrote ${file} (${size(bytes)}). Check it anywhere: opsroom verify ${out}`);
      output.result({ runId, file, bytes, keyid: bundle.envelope.signatures[0]?.keyid ?? null });
      return 0;
    }),
};
