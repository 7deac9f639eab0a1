import type { JsonObject, JsonValue } from '#ir/json.js';
import { isSecretName } from '#ir/secret-name.js';
import type { CompiledView } from '#operations/plans/compile.js';
import { readPlan } from '#operations/plans/file.js';
import type { CommandModule } from '../command.js';
import { explainedFile, printExplanation } from '../explain.js';
import { oneLine, table } from '../format.js';
import type { Output } from '../output.js';
import { addTaskOptions, type TaskOptions, taskOptions } from '../task-options.js';

interface Options extends TaskOptions {
  readonly explain?: true;
  readonly strict?: true;
}

export const command: CommandModule = {
  register(command) {
    command
      .argument(
        '<plan>',
        'the plan file: YAML, JSON, a runbook (FILE.md, FILE.md#section), or a folder with a tasks.md',
      )
      .option(
        '--explain',
        'of a runbook or a task list: show which rule made each block or task a step, or left it out',
      )
      .option('--strict', 'refuse checks that state no expectation, and task lists that contradict themselves');
    addTaskOptions(command);
  },
  examples: [
    'compile ops/deploy.yaml',
    'compile ops/deploy.yaml --json | jq -r .digest',
    'compile ops/rotate.md --explain',
    'compile specs/001-search --explain',
  ],
  async run({ args: [name = ''], command, output }) {
    const { explain, strict, ...options } = command.opts<Options>();
    const { view, given } = await readPlan(name, { ...taskOptions(options), ...(strict ? { strict } : {}) });
    for (const warning of view.warnings) output.note(`warning: ${oneLine(warning)}`);
    if (view.steps.some(({ tool }) => tool?.startsWith('mcp:')))
      output.note('MCP tools and their arguments are not looked at here: a room does that, before the run.');
    printSteps(view, output);
    if (explain && view.explanation) printExplanation(explainedFile(name, given), view.explanation, output);
    output.result(view);
    return 0;
  },
};

/** The plan for people: what it needs, and its steps with their lines. */
export function printSteps(view: CompiledView, output: Output): void {
  const { colours } = output;
  output.print(
    `${colours.bold(oneLine(view.title))}  ${view.steps.length} ${view.steps.length === 1 ? 'step' : 'steps'}\ndigest ${view.digest}`,
  );
  for (const [what, names] of Object.entries(view.needs))
    if (names.length > 0) output.print(`needs ${what}: ${names.join(', ')}`);
  for (const line of [...inputsOfChoices(view.plan), ...optionalInputs(view.plan)]) output.print(line);
  const rows = view.steps.map(({ id, tool, kind, dependsOn, place }) => [
    `${place?.line ?? ''}`,
    id,
    tool ?? kind,
    dependsOn.length > 0 ? `after ${dependsOn.join(', ')}` : '',
  ]);
  output.print(table([['line', 'step', 'tool', ''].map((cell) => colours.dim(cell)), ...rows]));
}

/** `needs inputs where way = vault: token`: what is required only where that is chosen, as runbooks say it. */
export function inputsOfChoices(plan: JsonValue): string[] {
  return Object.entries(member(member(plan, 'inputSchema'), 'dependentSchemas')).flatMap(([input, schema]) => {
    const { allOf } = member({ schema }, 'schema');
    return (Array.isArray(allOf) ? allOf : []).flatMap((one) => {
      const { const: value } = member(member(member(one, 'if'), 'properties'), input);
      const { required } = member(one, 'then');
      if (value === undefined || !Array.isArray(required)) return [];
      return oneLine(`needs inputs where ${input} = ${shown(value)}: ${required.map(shown).join(', ')}`);
    });
  });
}

/** `may be given input: way = tabs (one of tabs, spaces)`: what is not needed, because it has a value. */
export function optionalInputs(plan: JsonValue): string[] {
  return Object.entries(member(member(plan, 'inputSchema'), 'properties')).flatMap(([name, schema]) => {
    const { default: preset, enum: values } = member({ schema }, 'schema');
    if (preset === undefined) return [];
    // A terminal's output is copied and kept: the plan itself says it to whoever may read that.
    if (isSecretName(name)) return oneLine(`may be given input: ${name} (its value is not shown)`);
    const of = Array.isArray(values) ? ` (one of ${values.map(shown).join(', ')})` : '';
    return oneLine(`may be given input: ${name} = ${shown(preset)}${of}`);
  });
}

function member(value: JsonValue | undefined, name: string): JsonObject {
  const found = isObject(value) ? value[name] : undefined;
  return isObject(found) ? found : {};
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));
