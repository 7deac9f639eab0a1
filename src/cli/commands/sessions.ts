import { Argument, Option } from 'commander';
import { OpsroomError } from '#kit/errors.js';
import { invoke } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import { allowTools } from '#operations/sessions/allow.js';
import { archiveSession, unarchiveSession } from '#operations/sessions/archive.js';
import { createSession } from '#operations/sessions/create.js';
import { getSession } from '#operations/sessions/get.js';
import { listSessionsOperation } from '#operations/sessions/list.js';
import { renameSession } from '#operations/sessions/rename.js';
import type { SessionView } from '#operations/sessions/view.js';
import type { CommandModule } from '../command.js';
import { oneLine, table, time } from '../format.js';
import type { Output } from '../output.js';
import { roomFor } from '../session.js';

interface Options {
  readonly name?: string;
  readonly intent?: string;
  readonly archived: string;
  readonly all?: boolean;
}

const ACTIONS = ['list', 'show', 'create', 'rename', 'allow', 'archive', 'unarchive'] as const;

export const command: CommandModule = {
  register(command) {
    command
      .addArgument(new Argument('[what]', 'what to do').choices(ACTIONS).default('list'))
      .argument('[session]', 'its name or its id')
      .argument('[tools...]', 'of allow: what its runs may call, and nothing else: shell, "mcp:github:*"')
      .option('--all', 'of allow: whatever the room has')
      .option('--name <name>', 'of rename: the new name')
      .option('--intent <text>', 'of create and rename: what it is for')
      .addOption(
        new Option('--archived <which>', 'of list: no, only, or all for both')
          .choices(['no', 'only', 'all'])
          .default('no'),
      );
  },
  examples: [
    'sessions',
    'sessions create "Move the shop" --intent "Without an hour of downtime"',
    'run ops/deploy.yaml --session "Move the shop"',
    'sessions allow "Move the shop" shell "mcp:github:*"',
    'sessions archive "Move the shop"',
  ],
  run: ({ args: [what = 'list', given, ...tools], command, output }) => {
    const options = command.opts<Options>();
    const session = what === 'list' ? '' : named(given, what);
    return roomFor(what === 'create')(async ({ room }) => {
      if (what === 'list') await list(room, options, output);
      else await one(room, { what, session, tools, options }, output);
      return 0;
    });
  },
};

function named(session: string | undefined, what: string): string {
  if (session !== undefined) return session;
  throw new OpsroomError('USAGE', {
    what: 'Which session?',
    mend: `Name it: opsroom sessions ${what} "Move the shop"`,
  });
}

interface Request {
  readonly what: string;
  readonly session: string;
  readonly tools: readonly string[];
  readonly options: Options;
}

async function one(room: Room, { what, session, tools, options }: Request, output: Output): Promise<void> {
  const { name, intent, all = false } = options;
  const wording = { ...(name === undefined ? {} : { name }), ...(intent === undefined ? {} : { intent }) };
  const view =
    what === 'allow' ? await allow(room, session, all ? null : tools) : await act(room, what, { session, wording });
  output.print(`${oneLine(view.name)}: ${oneLine(view.intent) || 'no intent was given'}`);
  output.print(`${countText(view)}${view.archivedAt === null ? '' : `; archived by ${view.archivedBy}`}`);
  if (view.allowedTools) output.print(`Its runs may call: ${view.allowedTools.join(', ') || 'nothing'}`);
  output.result(view);
}

async function allow(room: Room, session: string, tools: readonly string[] | null): Promise<SessionView> {
  if (tools?.length !== 0) return invoke(allowTools, { session, tools }, room);
  const mend = `Name tools, or say --all: opsroom sessions allow ${JSON.stringify(session)} shell`;
  throw new OpsroomError('USAGE', { what: 'What may its runs call?', mend });
}

function act(
  room: Room,
  what: string,
  { session, wording }: { readonly session: string; readonly wording: { name?: string; intent?: string } },
): Promise<SessionView> {
  if (what === 'create') return invoke(createSession, { ...wording, name: session }, room);
  if (what === 'rename') return invoke(renameSession, { session, ...wording }, room);
  if (what === 'show') return invoke(getSession, { session }, room);
  return invoke(what === 'archive' ? archiveSession : unarchiveSession, { session }, room);
}

async function list(room: Room, { archived }: Options, output: Output): Promise<void> {
  const found = await invoke(listSessionsOperation, { archived, limit: 100 }, room);
  const head = ['session', 'runs', 'last run', 'name', 'intent'].map((cell) => output.colours.dim(cell));
  const rows = found.sessions.map((view) => [
    view.sessionId.slice(-8),
    countText(view),
    view.lastRunAt === null ? 'none yet' : time(view.lastRunAt),
    oneLine(view.name),
    oneLine(view.intent),
  ]);
  output.print(rows.length === 0 ? 'No sessions. Begin one: opsroom run PLAN --session NAME' : table([head, ...rows]));
  output.result(found);
}

const countText = ({ runs: { total, more, open, failed } }: SessionView): string =>
  `${total}${more ? '+' : ''} runs, ${open} open, ${failed} failed`;
