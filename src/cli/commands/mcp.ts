import { Argument } from 'commander';
import type { Call, CommandModule } from '../command.js';
import { addServerOptions } from '../mcp/options.js';

type Verb = (call: Call) => Promise<number>;

/** What `opsroom mcp` can do; each is loaded when it is called. */
const VERBS: Readonly<Record<string, () => Promise<Verb>>> = {
  servers: async () => (await import('../mcp/servers.js')).servers,
  add: async () => (await import('../mcp/servers.js')).add,
  change: async () => (await import('../mcp/servers.js')).change,
  enable: async () => (await import('../mcp/servers.js')).enable,
  disable: async () => (await import('../mcp/servers.js')).disable,
  check: async () => (await import('../mcp/servers.js')).check,
  remove: async () => (await import('../mcp/servers.js')).remove,
  tools: async () => (await import('../mcp/tools.js')).tools,
  tool: async () => (await import('../mcp/tools.js')).tool,
  consent: async () => (await import('../mcp/tools.js')).consent,
  login: async () => (await import('../mcp/sign-in.js')).login,
  logout: async () => (await import('../mcp/sign-in.js')).logout,
  serve: async () => (await import('../mcp/serve.js')).serve,
  config: async () => (await import('../mcp/print-config.js')).printConfig,
};

/** `opsroom mcp VERB`. JSON is what the verb says. */
export const command: CommandModule = {
  register(command) {
    command
      .addArgument(new Argument('<what>', 'what to do').choices(Object.keys(VERBS)))
      .argument('[name]', 'the server; of config: cursor, claude-code or codex')
      .argument('[more...]', 'of add and change, after --: the program and its arguments; of tool and consent: tools')
      .option('--http', 'of config: over HTTP, to the room that runs, in place of a program that the client starts');
    addServerOptions(command);
  },
  examples: [
    'mcp add files -- npx -y @modelcontextprotocol/server-filesystem /srv/shop',
    "mcp add tracker --url https://tracker.example/mcp --header 'Authorization=Bearer {{ secrets.TRACKER }}'",
    'mcp tools files',
    'mcp consent tracker --all',
    'mcp login tracker',
    'mcp serve',
    'mcp config cursor',
    'mcp config claude-code --http',
    'mcp config codex',
  ],
  run: async (call) => {
    const load = VERBS[call.args[0] ?? ''] as () => Promise<Verb>; // commander knows the choices
    return (await load())(call);
  },
};
