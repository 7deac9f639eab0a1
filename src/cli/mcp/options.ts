import { OpsroomError } from '#kit/errors.js';
import type { Call } from '../command.js';
import { collect } from '../trigger-plan.js';

export interface McpOptions {
  readonly url?: string;
  readonly sse?: boolean;
  readonly env?: string[];
  readonly header?: string[];
  readonly allow?: string[];
  readonly isolation?: string;
  readonly disabled?: boolean;
  readonly all?: boolean;
  readonly flagged?: boolean;
  readonly yes?: boolean;
}

/** Options of the verbs that speak of servers which this room calls. */
export function addServerOptions(command: Call['command']): void {
  command
    .option('--url <address>', 'of add and change: the Streamable HTTP endpoint')
    .option('--sse', 'the address speaks the SSE of old servers')
    .option('--env <name=value>', 'of a program; {{ secrets.NAME }} in the value is a secret; several times', collect)
    .option('--header <name=value>', 'of an address; as --env', collect)
    .option('--allow <address>', 'a private address at which it may be reached; several times', collect)
    .option('--isolation <level>', 'of a program, at least: none, uid or bubblewrap')
    .option('--disabled', 'of add: enable it later')
    .option('--all', 'of consent: all tools that wait for it; of tools: also those that are gone')
    .option('--flagged', 'of tools: only those that wait for consent')
    .option('--yes', 'of consent: without being asked');
}

/** `NAME=VALUE` several times. @throws OpsroomError USAGE */
export function pairs(given: readonly string[], option: string): Record<string, string> {
  return Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf('=');
      if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
      throw new OpsroomError('USAGE', { what: `${option} takes NAME=VALUE, not "${pair.slice(0, 60)}".` });
    }),
  );
}

/** What of a connection the command line says; `program` is what stands after `--`. */
export function connectionFrom(options: McpOptions, program: readonly string[]): Record<string, unknown> {
  const [command, ...args] = program;
  const { url, sse, env, header, allow, isolation } = options;
  const transport = command === undefined ? (url === undefined ? undefined : sse ? 'sse' : 'http') : 'stdio';
  const members = {
    transport,
    command,
    args: command === undefined ? undefined : args,
    env: env && pairs(env, '--env'),
    url,
    headers: header && pairs(header, '--header'),
    allowAddresses: allow,
    sandbox: isolation === undefined ? undefined : { level: isolation },
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
