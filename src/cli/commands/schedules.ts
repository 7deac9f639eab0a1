import { Argument, Option } from 'commander';
import { invoke } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import {
  fireSchedule,
  pauseScheduleOperation,
  removeSchedule,
  resumeScheduleOperation,
} from '#operations/schedules/control.js';
import { createSchedule } from '#operations/schedules/create.js';
import {
  getSchedule,
  listFiresOperation,
  listSchedulesOperation,
  previewSchedule,
} from '#operations/schedules/read.js';
import { updateScheduleOperation } from '#operations/schedules/update.js';
import type { CommandModule } from '../command.js';
import { oneLine, table } from '../format.js';
import { zeroOrMore } from '../numbers.js';
import type { Output } from '../output.js';
import { roomFor } from '../session.js';
import { collect, required, type TriggerPlanOptions, triggerInputs, triggerPlanOf } from '../trigger-plan.js';

interface Options extends TriggerPlanOptions {
  readonly cron?: string;
  readonly zone?: string;
  readonly overlap?: string;
  readonly catchUp?: string;
  readonly jitter?: number;
  readonly lane?: string;
  readonly session?: string;
}

const VERBS = ['list', 'add', 'change', 'show', 'next', 'times', 'pause', 'resume', 'fire', 'remove'];

/** `opsroom schedules`: JSON is what the operation answers. */
export const command: CommandModule = {
  register(command) {
    command
      .addArgument(new Argument('[what]', 'what to do').choices(VERBS).default('list'))
      .argument('[name]', 'of all but list and next: the schedule')
      .option('--cron <fields>', 'minute, hour, day of the month, month, day of the week; or @daily')
      .option('--zone <name>', 'an IANA time zone; without it, that of this machine')
      .option(
        '--plan <file>',
        'a plan or runbook (FILE.md#section), or a digest; below the project folder it is followed',
      )
      .option('--pin', 'always the plan as it is now, whatever becomes of the file')
      .option('--input <name=value>', 'an input of the plan; several times', collect)
      .option('--input-file <file>', 'inputs as YAML or JSON')
      .addOption(
        new Option('--overlap <how>', 'while the run before goes on').choices(['skip', 'queue', 'cancel', 'allow']),
      )
      .addOption(new Option('--catch-up <how>', 'after downtime').choices(['none', 'last', 'all']))
      .option('--jitter <seconds>', 'begin later by a part of so many seconds', zeroOrMore)
      .option('--lane <lane>', 'A, B, C or D')
      .option('--session <name>', 'the session of its runs');
  },
  examples: [
    'schedules add nightly --cron "30 2 * * 1-5" --zone Europe/Berlin --plan ops/backup.md#back-up --catch-up last',
    'schedules next --cron "0 9 * * 1" --zone America/New_York',
    'schedules times nightly',
    'schedules fire nightly',
  ],
  run: ({ args: [what = 'list', given], command, output }) => {
    const options = command.opts<Options>();
    const schedule = scheduleOf(what, given, options);
    return roomFor(what === 'add')(async ({ room }) => {
      await act(room, { what, schedule }, options, output);
      return 0;
    });
  },
};

/** The name. @throws OpsroomError USAGE when something is missing */
function scheduleOf(what: string, given: string | undefined, options: Options): string {
  if (what === 'list' || what === 'next') return '';
  const name = required(given, 'The name of the schedule', `Name it: opsroom schedules ${what} NAME`);
  if (what !== 'add') return name;
  required(options.cron, 'When it fires', 'Add --cron "30 2 * * *".');
  required(options.plan, 'What it starts', 'Add --plan ops/backup.md.');
  return name;
}

interface Asked {
  readonly what: string;
  readonly schedule: string;
}

async function act(room: Room, { what, schedule }: Asked, options: Options, output: Output): Promise<void> {
  if (what === 'list') return list(room, output);
  if (what === 'next') return next(room, options, output);
  if (what === 'add') return add(room, schedule, options, output);
  if (what === 'change') return change(room, schedule, options, output);
  if (what === 'show') return show(room, schedule, output);
  if (what === 'times') return times(room, schedule, output);
  if (what === 'fire') return fire(room, schedule, output);
  return control(room, what, schedule, output);
}

const machineZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

async function partsOf(room: Room, options: Options) {
  const { cron, zone, overlap, catchUp, jitter, lane, session } = options;
  const parts = {
    cron,
    zone,
    overlap,
    catchUp,
    lane,
    session,
    jitterS: jitter,
  };
  const plan = await triggerPlanOf(room, options);
  const all = { ...parts, plan, inputs: await triggerInputs(options) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

async function add(room: Room, name: string, options: Options, output: Output): Promise<void> {
  const made = await invoke(createSchedule, { name, zone: machineZone(), ...(await partsOf(room, options)) }, room);
  output.print(`The schedule "${made.name}" fires next at ${made.next?.local} (${made.zone}).`);
  output.result(made);
}

async function change(room: Room, schedule: string, options: Options, output: Output): Promise<void> {
  const changed = await invoke(updateScheduleOperation, { schedule, ...(await partsOf(room, options)) }, room);
  output.print(
    `The schedule "${changed.name}" is changed; it fires next at ${changed.next?.local ?? 'no time: it is paused'}.`,
  );
  output.result(changed);
}

async function next(room: Room, { cron, zone = machineZone() }: Options, output: Output): Promise<void> {
  const asked = { cron: required(cron, 'The expression', 'Add --cron "30 2 * * *".'), zone };
  const { upcoming } = await invoke(previewSchedule, asked, room);
  for (const { local } of upcoming) output.print(local);
  output.result({ upcoming });
}

async function show(room: Room, schedule: string, output: Output): Promise<void> {
  const found = await invoke(getSchedule, { schedule }, room);
  const { name, title, cron, zone, madeBy, paused, overlap, catchUp } = found;
  output.print(`${name}: ${oneLine(title)}, at "${cron}" (${zone})${paused ? ', paused' : ''}`);
  output.print(`overlap ${overlap}, catch-up ${catchUp}; ${madeBy} answers for it. The next times:`);
  for (const { local } of found.upcoming) output.print(`  ${local}`);
  output.result(found);
}

async function times(room: Room, schedule: string, output: Output): Promise<void> {
  const found = await invoke(listFiresOperation, { schedule }, room);
  const head = ['time', 'cause', 'what became of it', 'run or intent', 'why'].map((cell) => output.colours.dim(cell));
  const rows = found.fires.map(({ local, cause, state, times: many, runId, intentId, reason }) => [
    local,
    cause,
    many > 1 ? `${state} ×${many}` : state,
    (runId ?? intentId ?? '').slice(-8),
    oneLine(reason ?? ''),
  ]);
  output.print(rows.length === 0 ? 'None of its times has come yet.' : table([head, ...rows]));
  output.result(found);
}

async function fire(room: Room, schedule: string, output: Output): Promise<void> {
  const fired = await invoke(fireSchedule, { schedule }, room);
  const what = {
    started: `It runs: ${fired.runId}`,
    asked: `It waits for an approval: intent ${fired.intentId}`,
    refused: `It was refused: ${fired.reason}`,
  };
  output.print(what[fired.state]);
  output.result(fired);
}

async function control(room: Room, what: string, schedule: string, output: Output): Promise<void> {
  const operation =
    what === 'pause' ? pauseScheduleOperation : what === 'resume' ? resumeScheduleOperation : removeSchedule;
  const changed = await invoke(operation, { schedule }, room);
  const words = {
    pause: 'is paused',
    resume: `fires next at ${changed.next?.local}`,
    remove: 'is removed; its runs stay',
  };
  output.print(`The schedule "${changed.name}" ${words[what as keyof typeof words]}.`);
  output.result(changed);
}

async function list(room: Room, output: Output): Promise<void> {
  const found = await invoke(listSchedulesOperation, {}, room);
  const head = ['schedule', 'starts', 'when', 'zone', 'next', 'last'].map((cell) => output.colours.dim(cell));
  const rows = found.schedules.map(({ name, title, cron, zone, next: soon, last }) => [
    name,
    oneLine(title),
    cron,
    zone,
    soon?.local ?? 'paused',
    last?.state ?? '',
  ]);
  output.print(rows.length === 0 ? 'No schedules.' : table([head, ...rows]));
  output.result(found);
}
