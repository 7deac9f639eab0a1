import { Argument } from 'commander';
import { OpsroomError } from '#kit/errors.js';
import { lookHere } from '#operations/project.js';
import { getSkill } from '#operations/skills/get.js';
import { listSkillsOperation } from '#operations/skills/list.js';
import type { CommandModule } from '../command.js';
import { oneLine, table } from '../format.js';
import type { Output } from '../output.js';

/** `opsroom skills`: JSON is what the operation answers. */
export const command: CommandModule = {
  register(command) {
    command
      .addArgument(new Argument('[what]', 'what to do').choices(['list', 'show', 'check']).default('list'))
      .argument('[name]', 'of show: the skill');
  },
  examples: ['skills', 'skills show repo-mutation', 'skills check'],
  run: async ({ args: [what = 'list', name], output }) => {
    if (what !== 'show') return list(what === 'check', output);
    if (name !== undefined) return show(name, output);
    throw new OpsroomError('USAGE', { what: 'Which skill?', mend: 'Name it: opsroom skills show NAME' });
  },
};

/** `check` is the list, and fails when one of them cannot be used. */
async function list(isCheck: boolean, output: Output): Promise<number> {
  const found = await lookHere(listSkillsOperation, {});
  const head = ['skill', 'version', 'of', 'takes', 'what it does'].map((cell) => output.colours.dim(cell));
  const rows = found.skills.map(({ slug, version, origin, inputs, description, problem }) => [
    slug,
    version,
    origin === 'shipped' ? '' : 'project',
    inputs.flatMap(({ name, required }) => (required ? [name] : [])).join(' '),
    oneLine(problem ?? description),
  ]);
  output.print(rows.length === 0 ? 'No skills.' : table([head, ...rows]));
  output.result(found);
  return isCheck && found.skills.some(({ problem }) => problem !== null) ? 2 : 0;
}

async function show(skill: string, output: Output): Promise<number> {
  const found = await lookHere(getSkill, { skill });
  const {
    slug,
    version,
    digest,
    description,
    problem,
    inputs,
    outputs,
    tools,
    steps,
    verifiers,
    maxRuntimeMs,
    allowedEnvs,
  } = found;
  output.print(`${output.colours.bold(slug)} ${version}  ${oneLine(description)}`);
  if (problem !== null) output.print(output.colours.red(oneLine(problem)));
  const rows = inputs.map((input) => [
    `  ${input.name}`,
    input.type,
    input.required ? 'required' : '',
    oneLine(input.description),
  ]);
  if (rows.length > 0) output.print(table(rows));
  const lines = { 'puts out': outputs, tools, steps, 'verified by': verifiers, 'only on': allowedEnvs ?? [] };
  for (const [words, names] of Object.entries(lines))
    if (names.length > 0) output.print(`${words}: ${oneLine(names.join(', '))}`);
  if (maxRuntimeMs !== null) output.print(`at most: ${maxRuntimeMs / 1000} s`);
  if (digest !== null) output.print(`digest: ${digest}`);
  output.result(found);
  return problem === null ? 0 : 2;
}
