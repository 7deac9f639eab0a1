import { Argument } from 'commander';
import type { JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { invoke } from '#operations/invoke.js';
import { readInputs, readPlan } from '#operations/plans/file.js';
import { lookHere } from '#operations/project.js';
import { getTemplate } from '#operations/templates/get.js';
import { listTemplatesOperation } from '#operations/templates/list.js';
import { TEMPLATE_PREFIX } from '#operations/templates/name.js';
import { previewTemplate, type TemplatePreview } from '#operations/templates/preview.js';
import type { CommandModule } from '../command.js';
import { oneLine, table } from '../format.js';
import type { Output } from '../output.js';
import { withExistingRoom } from '../session.js';
import { addInputOptions } from './run.js';

interface Options {
  readonly input: readonly string[];
  readonly inputFile?: string;
}

/** `opsroom templates`: JSON is what the operation answers. */
export const command: CommandModule = {
  register(command) {
    command
      .addArgument(new Argument('[what]', 'what to do').choices(['list', 'show', 'preview']).default('list'))
      .argument('[name]', 'of list: part of a name or a word; of the others: the template');
    addInputOptions(command);
  },
  examples: [
    'templates',
    'templates show postgres-backup',
    'templates preview certificate-check --input host=example.com',
    'run template:certificate-check --input host=example.com',
  ],
  run: async ({ args: [what = 'list', name], command, output }) => {
    if (what === 'list') return list(name, output);
    if (name === undefined)
      throw new OpsroomError('USAGE', { what: 'Which template?', mend: `Name it: opsroom templates ${what} NAME` });
    if (what === 'show') return show(name, output);
    return preview(name, command.opts<Options>(), output);
  },
};

async function list(text: string | undefined, output: Output): Promise<number> {
  const found = await lookHere(listTemplatesOperation, text === undefined ? {} : { text });
  const head = ['template', 'of', 'inputs', 'what it does'].map((cell) => output.colours.dim(cell));
  const rows = found.templates.map(({ name, origin, inputs, summary, problem }) => [
    name,
    origin === 'shipped' ? '' : 'project',
    inputs
      .filter(({ required }) => required)
      .map((input) => input.name)
      .join(' '),
    oneLine(problem ?? firstSentence(summary)),
  ]);
  output.print(rows.length === 0 ? 'No templates.' : table([head, ...rows]));
  output.result(found);
  return 0;
}

const firstSentence = (text: string): string => /^.*?[.](?=\s|$)/s.exec(text)?.[0] ?? text;

async function show(template: string, output: Output): Promise<number> {
  const found = await lookHere(getTemplate, { template });
  const { name, summary, problem, inputs, needs } = found;
  output.print(`${output.colours.bold(name)}  ${oneLine(summary)}`);
  if (problem !== null) output.print(output.colours.red(oneLine(problem)));
  const rows = inputs.map((input) => [
    `  ${input.name}`,
    input.type,
    input.required ? 'required' : `usually ${valueText(input.default)}`,
    oneLine(input.description),
  ]);
  if (rows.length > 0) output.print(table(rows));
  const wanted = [...needs.secrets.map((secret) => `secret ${secret}`), ...needs.env, ...needs.names];
  if (wanted.length > 0) output.print(`It needs: ${oneLine([...new Set(wanted)].join(', '))}`);
  const example = inputs.filter(({ required }) => required).map((input) => ` --input ${input.name}=…`);
  output.print(`Run it: opsroom run ${TEMPLATE_PREFIX}${name}${example.join('')}`);
  output.result(found);
  return problem === null ? 0 : 2;
}

async function preview(template: string, options: Options, output: Output): Promise<number> {
  const { plan } = await readPlan(TEMPLATE_PREFIX + template);
  const inputs = await readInputs(plan, options.input, options.inputFile);
  const found = await previewed({ template, inputs });
  output.print(output.colours.bold(oneLine(found.title)));
  if (found.problem !== null) output.print(oneLine(found.problem));
  for (const { id, title, tool, action, args, verifiers } of found.steps) {
    output.print(`\n${output.colours.bold(id)}  ${oneLine(title)}  ${[tool, action].filter(Boolean).join('.')}`);
    output.print(`  ${oneLine(valueText(args))}`);
    for (const verifier of verifiers) output.print(`  verified by ${verifier.id} (${verifier.kind})`);
  }
  output.result(found);
  return found.problem === null ? 0 : 2;
}

/** A room knows which of its secrets may go where the inputs say. */
async function previewed(asked: object): Promise<TemplatePreview> {
  try {
    return await withExistingRoom(({ room }) => invoke(previewTemplate, asked, room));
  } catch (error) {
    if (!(error instanceof OpsroomError) || error.code !== 'ROOM_NOT_FOUND') throw error;
    return lookHere(previewTemplate, asked);
  }
}

const valueText = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));
