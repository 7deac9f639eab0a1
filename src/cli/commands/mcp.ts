import { Argument } from 'commander';
import type { Call, CommandModule } from '../command.js';

type Verb = (call: Call) => Promise<number>;

/** What `opsroom mcp` can do; each is loaded when it is called. */
const VERBS: Readonly<Record<string, () => Promise<Verb>>> = {
  config: async () => (await import('../mcp/print-config.js')).printConfig,
};

/** `opsroom mcp VERB`. JSON is what the verb says. */
export const command: CommandModule = {
  register(command) {
    command
      .addArgument(new Argument('<what>', 'what to do').choices(Object.keys(VERBS)))
      .argument('[name]', 'of config: cursor, claude-code or codex')
      .option('--http', 'of config: over HTTP, to the room that runs, in place of a program that the client starts');
  },
  examples: ['mcp config cursor', 'mcp config claude-code --http', 'mcp config codex'],
  run: async (call) => {
    const load = VERBS[call.args[0] ?? ''] as () => Promise<Verb>; // commander knows the choices
    return (await load())(call);
  },
};
