import { Argument, Option } from 'commander';
import { INTENT_STATUSES, type IntentStatus } from '#ir/intent-state.js';
import type { JsonValue } from '#ir/json.js';
import { getIntent, type IntentDetail } from '#operations/intents/get.js';
import { listIntentsOperation } from '#operations/intents/list.js';
import { invoke } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import type { CommandModule } from '../command.js';
import { duration, oneLine, time } from '../format.js';
import { intentTable, saidText, statusText, waitingText } from '../intent-text.js';
import { listLimit } from '../numbers.js';
import type { Output } from '../output.js';
import { withExistingRoom } from '../session.js';

interface Options {
  readonly status?: readonly IntentStatus[];
  readonly by?: string;
  readonly limit: number;
}

export const command: CommandModule = {
  register(command) {
    command
      .addArgument(new Argument('[what]', 'what to do').choices(['list', 'show']).default('list'))
      .argument('[intent]', 'of show: its id, at least four digits of it, or "last"')
      .addOption(new Option('--status <status...>', 'of list: only these').choices(INTENT_STATUSES))
      .option('--by <who>', 'of list: only asked for by these; "me" is you')
      .option('--limit <n>', 'of list: at most so many', listLimit, 20);
  },
  examples: ['intents', 'intents list --status waiting', 'intents show last', 'intents --by me --json'],
  run: ({ args: [what, intent = 'last'], command, output }) =>
    withExistingRoom(async ({ room }) => {
      if (what === 'show') await show(room, intent, output);
      else await list(room, command.opts<Options>(), output);
      return 0;
    }),
};

async function list(room: Room, { status, by, limit }: Options, output: Output): Promise<void> {
  const filter = { ...(status ? { status } : {}), ...(by === undefined ? {} : { proposedBy: by }) };
  const found = await invoke(listIntentsOperation, { ...filter, limit: Math.min(limit, 200) }, room);
  const none = 'No intents. Propose something: opsroom propose PLAN';
  output.print(found.intents.length === 0 ? none : intentTable(found.intents, output));
  output.result(found);
}

async function show(room: Room, reference: string, output: Output): Promise<void> {
  const intent = await invoke(getIntent, { intent: reference }, room);
  for (const line of lines(intent, room)) output.print(line);
  output.result(intent);
}

function lines(intent: IntentDetail, room: Room): string[] {
  const { proposer, reason, target, inputs, approvals, warnings, holds, policies, runId } = intent;
  return [
    `${oneLine(intent.title)} (${intent.shortId}): ${statusText(intent)}`,
    `Asked for by ${oneLine(proposer.by)} at ${time(intent.createdAt)}${reason === '' ? '' : `: ${oneLine(reason)}`}`,
    `Target ${json(target)}, inputs ${json(inputs)}, from ${intent.source.kind} ${oneLine(intent.source.name)}`,
    ...policies.map(({ id, reason: why }) => `Policy ${id}: ${oneLine(why)}`),
    ...intent.rules.flatMap(({ policy, window }) =>
      window === null ? [] : [`Window of ${policy}: ${oneLine(window)}`],
    ),
    ...intent.forms.map(({ policy, schema }) => `Form of ${policy}, a JSON Schema: ${oneLine(JSON.stringify(schema))}`),
    ...(Object.keys(intent.form).length === 0 ? [] : [`Filled in so far: ${json(intent.form)}`]),
    ...approvals.map((word) => `  ${saidText(word, intent)}`),
    ...(holds.why === null
      ? []
      : [holds.mend === null ? `It no longer holds: ${oneLine(holds.why)}` : oneLine(`${holds.why} ${holds.mend}`)]),
    ...warnings.map((warning) => `warning: ${oneLine(warning)}`),
    '',
    ...intent.steps.map(({ id, tool, args }) => `  ${id}  ${tool ?? 'by hand'}  ${json(args)}`),
    '',
    ...past(intent),
    ...(runId === null ? waitingText(intent, room) : [`Its run: opsroom show ${runId.slice(-8)}`]),
  ];
}

function past({ diff, usuallyMs }: IntentDetail): string[] {
  if (diff === null) return ['Nothing of this title succeeded there before.'];
  const took = usuallyMs === null ? '' : ` It usually takes ${duration(usuallyMs)}.`;
  const changes = diff.steps.map(({ id, change, differences }) => {
    const places = differences.map(({ path, before, after }) => `${path}: ${json(before)} → ${json(after)}`).join('; ');
    return `  ${change} ${id}${places === '' ? '' : `  ${places}`}`;
  });
  const inputs = diff.inputs.map(({ path, before, after }) => `  input ${path}: ${json(before)} → ${json(after)}`);
  return [
    `Against run ${diff.shortId}, ${diff.same === 1 ? '1 step is' : `${diff.same} steps are`} the same.${took}`,
    ...inputs,
    ...changes,
  ];
}

const MOST = 300;

function json(value: JsonValue | undefined): string {
  const text = oneLine(JSON.stringify(value) ?? 'nothing');
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}
