import { existsSync } from 'node:fs';
import { builtIn } from '#operations/contracts.js';
import { invoke } from '#operations/invoke.js';
import { comparePlans, type DiffView, diffPlansOperation, sideOfPlan } from '#operations/plans/diff.js';
import { readPlan, splitName } from '#operations/plans/file.js';
import { templateOf } from '#operations/templates/name.js';
import type { CommandModule } from '../command.js';
import { oneLine } from '../format.js';
import type { Output } from '../output.js';
import { withExistingRoom } from '../session.js';

/** What is typed for a plan: a file, a template, or what the room knows. */
type Typed = { readonly file: string } | { readonly known: { run: string } | { digest: string } };

export const command: CommandModule = {
  register(command) {
    command
      .argument(
        '<a>',
        'a plan file, template:NAME, a run, or the digest of a plan; alone: it is compared with its last run',
      )
      .argument('[b]', 'the other one');
  },
  examples: [
    'diff ops/deploy.yaml',
    'diff old.yaml new.yaml',
    'diff 3f9c21ab last',
    'diff last ops/deploy.yaml --json',
  ],
  async run({ args: [a = '', b], output }) {
    const [before, after] = b === undefined ? [undefined, typed(a)] : [typed(a), typed(b)];
    const view = await compared(before, after);
    print(view, output);
    output.result(view);
    return view.same ? 0 : 1;
  },
};

/** A digest is longer than what names a run. */
const DIGEST = /^[0-9a-f]{37,64}$/;
const RUN = /^(last|[0-9a-f-]{4,36})$/i;

function typed(name: string): Typed {
  const isFile = templateOf(name) !== undefined || existsSync(splitName(name).path);
  if (!isFile && DIGEST.test(name)) return { known: { digest: name } };
  return !isFile && RUN.test(name) ? { known: { run: name } } : { file: name };
}

/** Two files need no room. */
async function compared(before: Typed | undefined, after: Typed): Promise<DiffView> {
  if (before && 'file' in before && 'file' in after) {
    const [was, is] = [await readPlan(before.file), await readPlan(after.file)];
    return comparePlans(sideOfPlan(was.plan), sideOfPlan(is.plan), builtIn().contracts.tools);
  }
  const [was, is] = [before && (await sideFor(before)), await sideFor(after)];
  return withExistingRoom(({ room }) =>
    invoke(diffPlansOperation, { ...(was ? { before: was } : {}), after: is }, room),
  );
}

const sideFor = async (one: Typed) => ('known' in one ? one.known : { plan: (await readPlan(one.file)).given });

type Differences = DiffView['plan'];

function print(view: DiffView, output: Output): void {
  const { dim, green, red, bold } = output.colours;
  const side = ({ title, shortId, digest }: DiffView['before']) =>
    `${oneLine(title)} ${dim(shortId === null ? `plan ${digest.slice(0, 12)}` : `run ${shortId}`)}`;
  output.print(`${red('−')} ${side(view.before)}\n${green('+')} ${side(view.after)}`);
  if (view.same) output.print(`${green('✓')} The same plan: ${view.after.digest}`);
  part('plan', view.plan, output);
  part('inputs', view.inputs, output);
  part('what policies see', view.policy, output);
  for (const { id, title, change, differences } of view.steps) {
    const came = change === 'changed' ? '' : `  ${change}: ${oneLine(title)}`;
    part(`step ${id}${came}`, differences, output, change !== 'changed');
  }
  if (view.moved.length > 0) output.print(`\n${bold('order')}\n  moved: ${view.moved.map(oneLine).join(', ')}`);
  if (!view.same && view.unchanged > 0)
    output.print(`\n${view.unchanged} ${view.unchanged === 1 ? 'step is' : 'steps are'} as before.`);
}

function part(name: string, differences: Differences, output: Output, always = false): void {
  if (differences.length === 0 && !always) return;
  const { dim, green, red, bold } = output.colours;
  output.print(`\n${bold(oneLine(name))}`);
  for (const { path, before, after } of differences) {
    output.print(`  ${dim(oneLine(path))}`);
    if (before !== undefined) output.print(`    ${red(`− ${value(before)}`)}`);
    if (after !== undefined) output.print(`    ${green(`+ ${value(after)}`)}`);
  }
}

const value = (json: Differences[number]['before']): string =>
  oneLine(typeof json === 'string' ? json : JSON.stringify(json));
