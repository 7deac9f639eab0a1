import { readPlan } from '#operations/plans/file.js';
import type { CommandModule } from '../command.js';
import { oneLine, table } from '../format.js';

export const command: CommandModule = {
  register(command) {
    command.argument('<plan>', 'the plan file: YAML or JSON');
  },
  examples: ['compile ops/deploy.yaml', 'compile ops/deploy.yaml --json | jq -r .digest'],
  async run({ args: [path = ''], output }) {
    const { view } = await readPlan(path);
    const { colours } = output;
    for (const warning of view.warnings) output.note(`warning: ${oneLine(warning)}`);
    output.print(`${colours.bold(oneLine(view.title))}  ${view.steps.length} steps\ndigest ${view.digest}`);
    for (const [what, names] of Object.entries(view.needs))
      if (names.length > 0) output.print(`needs ${what}: ${names.join(', ')}`);
    const rows = view.steps.map(({ id, tool, kind, dependsOn, place }) => [
      `${place?.line ?? ''}`,
      id,
      tool ?? kind,
      dependsOn.length > 0 ? `after ${dependsOn.join(', ')}` : '',
    ]);
    output.print(table([['line', 'step', 'tool', ''].map((cell) => colours.dim(cell)), ...rows]));
    output.result(view);
    return 0;
  },
};
