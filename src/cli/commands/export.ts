import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Option } from 'commander';
import { exportForm, showExported } from '#operations/plans/export.js';
import { readPlan } from '#operations/plans/file.js';
import type { CommandModule } from '../command.js';
import { oneLine } from '../format.js';
import { FORCE_OPTION, refuseExisting, unwritable } from '../out-file.js';
import { addTaskOptions, type TaskOptions, taskOptions } from '../task-options.js';

interface Options extends TaskOptions {
  readonly to: (typeof exportForm.options)[number];
  readonly out?: string;
  readonly force?: boolean;
}

export const command: CommandModule = {
  register(command) {
    command
      .argument('<plan>', 'the plan file: YAML, JSON, a runbook, template:NAME, or a folder with a tasks.md')
      .addOption(new Option('--to <form>', 'the form').choices(exportForm.options).makeOptionMandatory())
      .option('--out <file>', 'where to write it; without it, stdout')
      .option(...FORCE_OPTION);
    addTaskOptions(command);
  },
  examples: [
    'export ops/deploy.yaml --to github-actions --out .github/workflows/deploy.yml',
    'export specs/001-search --to claude-code',
    'export ops/rotate.md --to markdown > rotate.md',
  ],
  async run({ args: [name = ''], command, output }) {
    const { to, out, force, ...options } = command.opts<Options>();
    const { plan } = await readPlan(name, taskOptions(options));
    const view = await showExported(plan, to);
    for (const note of view.notes) output.note(`note: ${oneLine(note)}`);
    if (view.notCarried.length > 0) output.note(`not carried over: ${oneLine(view.notCarried.join('; '))}`);
    if (out !== undefined) {
      await write(resolve(out), view.text, { force: force === true });
      output.print(`Wrote ${out}.`);
    } else if (!output.json) output.raw(view.text);
    output.result(view);
    return 0;
  },
};

async function write(file: string, text: string, options: { force: boolean }): Promise<void> {
  await refuseExisting(file, options);
  await mkdir(dirname(file), { recursive: true })
    .then(() => writeFile(file, text))
    .catch(unwritable(file));
}
