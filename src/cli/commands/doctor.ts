import type { Diagnosis } from '#operations/doctor.js';
import type { Finding } from '#operations/finding.js';
import type { CommandModule } from '../command.js';
import { oneLine, table } from '../format.js';
import type { Output } from '../output.js';

interface Options {
  readonly start?: boolean;
}

/** `opsroom doctor`. JSON: `{ ok, findings: [{ id, title, ok, essential, found, mend? }] }`. Exit code 2 when something essential is missing. */
export const command: CommandModule = {
  register: (command) => {
    command.option('--start', 'try the embedded database out, and stop it again');
  },
  examples: ['doctor', 'doctor --start --json'],
  run: async ({ command, output }) => {
    const [{ loadConfig }, { diagnose }] = await Promise.all([
      import('#kit/config.js'),
      import('#operations/doctor.js'),
    ]);
    const { start = false } = command.opts<Options>();
    const diagnosis = await diagnose(loadConfig(), process.cwd(), { start });
    show(diagnosis, output);
    output.result(diagnosis);
    return diagnosis.ok ? 0 : 2;
  },
};

function show({ ok, findings }: Diagnosis, output: Output): void {
  output.print(table(findings.map((finding) => row(finding, output))));
  for (const { title, mend } of findings) if (mend !== undefined) output.print(`mend ${title}: ${oneLine(mend)}`);
  output.print(ok ? 'This machine can run Opsroom.' : 'Something essential is missing.');
}

function row({ title, ok, essential, found }: Finding, { colours }: Output): string[] {
  const lacks = essential ? colours.red('lacks') : colours.yellow('lacks');
  return [ok ? colours.green('ok') : lacks, title, oneLine(found)];
}
