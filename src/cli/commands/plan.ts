import { existsSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { OpsroomError } from '#kit/errors.js';
import { draftPlanOperation } from '#operations/drafts/draft.js';
import type { DraftView } from '#operations/drafts/view.js';
import { invoke, validated } from '#operations/invoke.js';
import { splitName } from '#operations/plans/file.js';
import type { CommandModule } from '../command.js';
import { oneLine, table } from '../format.js';
import { costText } from '../model-text.js';
import type { Output } from '../output.js';
import { withRoom } from '../session.js';

interface Options {
  readonly out?: string;
}

/** `opsroom plan GOAL`: a draft, which nobody runs here. */
export const command: CommandModule = {
  register(command) {
    command
      .argument('<goal...>', 'what is wanted, in your words')
      .option('--out <file>', 'write the draft there; an existing file stays');
  },
  examples: [
    'plan "restart the staging shop and make sure the checkout works"',
    'plan "back up the database shop on staging" --out ops/backup-shop.yaml',
  ],
  async run({ args, command, output }) {
    const { out } = command.opts<Options>();
    await refuseFile(args);
    const wanted = validated(draftPlanOperation.input, { goal: args.join(' ') });
    if (out !== undefined && existsSync(out)) throw unwritable(out);
    return withRoom(async ({ room }) => {
      const draft = await invoke(draftPlanOperation, wanted, room);
      print(draft, output);
      if (out !== undefined && draft.text !== null) await write(out, draft.text, output);
      output.result(draft);
      return draft.text === null ? 1 : 0;
    });
  },
};

/** Of the words of a file's name a plan would be drafted that has nothing to do with what the file says. */
async function refuseFile(goal: readonly string[]): Promise<void> {
  const [name = '', ...more] = goal;
  const found = more.length > 0 ? undefined : await stat(splitName(name).path).catch(() => undefined);
  if (found === undefined || !(found.isFile() || name.includes('/'))) return;
  throw new OpsroomError('USAGE', {
    what: 'This names a file, and is no goal in words.',
    where: name,
    mend: `\`opsroom compile ${name}\` shows what it does, \`opsroom run ${name} --dry-run\` what it would do now.`,
  });
}

function print(draft: DraftView, output: Output): void {
  const { colours } = output;
  output.note(draft.why ?? (draft.text === null ? `${draft.model} was asked.` : `Drafted by ${draft.model}.`));
  if (draft.problem !== null) output.print(colours.red(`No plan came of it: ${oneLine(draft.problem)}`));
  if (draft.text !== null)
    output.print(`${colours.bold(oneLine(draft.title))}  draft: nothing runs until you say so\n`);
  const titles = new Map(draft.compiled?.steps.map(({ id, title }) => [id, title]));
  const steps = draft.steps.map(({ id, from, because }) => [
    id,
    oneLine(titles.get(id) ?? ''),
    `by ${from}`,
    oneLine(because),
  ]);
  if (steps.length > 0) output.print(table(steps));
  const told = draft.inputs.filter(({ from }) => from !== 'template');
  const inputs = told.map(({ name, from, value }) => [
    name,
    from,
    value === null ? '' : oneLine(JSON.stringify(value)),
  ]);
  if (inputs.length > 0) output.print(`\n${table(inputs)}`);
  const said = { allow: undefined, deny: 'Policy lets nobody run it so', needs_approval: 'Before it runs' };
  const policy = draft.policy === null ? undefined : said[draft.policy.effect];
  if (policy !== undefined) output.print(colours.yellow(`${policy}: ${oneLine(draft.policy?.reason ?? '')}`));
  for (const question of draft.questions) output.print(colours.yellow(`? ${oneLine(question)}`));
  if (draft.spent !== null) output.note(costText(draft.spent));
}

async function write(file: string, text: string, output: Output): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    throw unwritable(file, cause);
  }
  output.note(`Written to ${file}. Look at it, then: opsroom run ${file}`);
}

function unwritable(file: string, cause?: unknown): OpsroomError {
  return new OpsroomError('USAGE', {
    what: 'The draft cannot be written there.',
    where: file,
    cause,
    mend: 'Name a file that is not there yet.',
  });
}
