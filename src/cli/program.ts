import { Command, CommanderError } from 'commander';
import { nearest } from '#ir/suggest.js';
import { CATALOGUE, OpsroomError } from '#kit/errors.js';
import { VERSION } from '#operations/version.js';
import { calledAs } from './called.js';
import { COMMANDS } from './entries.js';
import { presentFailure } from './failure.js';
import { type Output, openOutput } from './output.js';
import { workIn } from './session.js';

const NAMES: readonly string[] = COMMANDS.map(({ name }) => name);

/**
 * Runs one command line.
 *
 * @param argv without `node` and the program
 * @returns the exit code
 */
export async function main(argv: readonly string[]): Promise<number> {
  const output = openOutput(process.stdout, process.stderr, wantsJson(argv), calledAs(process.argv[1]));
  try {
    return await ended(await dispatch(helpForm(argv), output), output);
  } catch (error) {
    if (!(error instanceof CommanderError)) return presentFailure(helped(error, argv), output);
    if (error.exitCode !== 0) return presentFailure(usage(error, helpForm(argv)), output);
    return ended(0, output); // it was asked for help, or for the version
  }
}

/** The exit code. That not all could be printed is told, and is a failure only of what went well: how a run ended stays its end. */
async function ended(code: number, output: Output): Promise<number> {
  const printed = await output.written().then(
    () => 0,
    (error: unknown) => presentFailure(error, output),
  );
  return code === 0 ? printed : code;
}

/** What is wrong with a request in itself is told with the help of its command, where nothing nearer is known. */
function helped(error: unknown, argv: readonly string[]): unknown {
  const [called] = helpForm(argv);
  if (!(error instanceof OpsroomError) || error.code !== 'USAGE' || error.mend !== CATALOGUE.USAGE.mend) return error;
  if (!NAMES.includes(called ?? '')) return error;
  return new OpsroomError('USAGE', { what: error.message, mend: `See \`opsroom help ${called}\`.`, cause: error });
}

async function dispatch(argv: readonly string[], output: Output): Promise<number> {
  const called = argv.find((arg) => !arg.startsWith('-'));
  const program = quiet(new Command('opsroom'))
    .description('An ops control room: compiles plans, executes them, verifies every step, and keeps proof.')
    .version(VERSION, '-V, --version')
    .addHelpText('after', '\nExample:\n  $ opsroom run ops/deploy.yaml --input ref=main');
  let code = 0;
  for (const entry of COMMANDS) {
    const command = quiet(program.command(entry.name).summary(entry.summary).description(`${entry.summary}.`));
    command.option('--json', 'print JSON on stdout, and nothing else');
    if (!entry.roomless) command.option('--org <name>', 'the organisation to work in, where there are several');
    if (entry.name !== called) continue;
    const module = (await entry.load()).command;
    module.register(command);
    command.addHelpText('after', examplesText(module.examples));
    command.action(async () => {
      workIn(command.opts<{ org?: string }>().org);
      code = await module.run({ args: command.args, command, output });
    });
  }
  await program.parseAsync([...argv], { from: 'user' });
  return code;
}

/** `help`, `help help` and `help COMMAND` as the options that mean the same. */
function helpForm([first, ...rest]: readonly string[]): string[] {
  if (first === undefined) return ['--help'];
  const words = first === 'help' ? rest : [first, ...rest];
  const [called = '--help'] = words;
  if (called === 'help') return ['--help'];
  // Help on what there is not would be that on everything, as if nothing had been wrong.
  if (!called.startsWith('-') && !NAMES.includes(called)) return [called];
  return first === 'help' ? [...rest, '--help'] : [first, ...rest];
}

/** Throws in place of exiting, and leaves it to `presentFailure` to say what was wrong. */
function quiet(command: Command): Command {
  return command
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (subcommand) => subcommand.name() });
}

function examplesText(examples: readonly string[]): string {
  const title = examples.length === 1 ? 'Example' : 'Examples';
  return ['', `${title}:`, ...examples.map((example) => `  $ opsroom ${example}`)].join('\n');
}

/** Known before the parser has looked, since its own complaints come in that form too. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}

/** What commander complains of, and the help that tells: of the command, where one was named. */
function usage(error: CommanderError, argv: readonly string[]): OpsroomError {
  const what = error.message.replace(/^error: /, '').split('\n')[0] ?? '';
  const called = argv.find((arg) => !arg.startsWith('-'));
  return new OpsroomError('USAGE', {
    what: `${what.charAt(0).toUpperCase()}${what.slice(1)}`.replace(/\.?$/, '.'),
    mend: called === undefined ? 'See `opsroom help`.' : usageMend(called, argv[0] !== called),
  });
}

/** @param late whether something stands before the command */
function usageMend(called: string, late: boolean): string {
  const help = `See \`opsroom help ${called}\`.`;
  if (NAMES.includes(called)) return late ? `Write options after the command. ${help}` : help;
  const near = nearest(called, NAMES);
  return near === undefined ? 'See `opsroom help`.' : `Did you mean \`opsroom ${near}\`?`;
}
