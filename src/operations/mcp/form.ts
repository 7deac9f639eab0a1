import { z } from 'zod';
import { MCP_SERVER_NAME, type McpConnection, mcpConnectionSchema } from '#ir/mcp.js';
import { ISOLATION_LEVELS } from '#ir/plan.js';
import { OpsroomError } from '#kit/errors.js';
import { validated } from '../invoke.js';

const ID = /^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/i;

export const serverName = z
  .string()
  .regex(MCP_SERVER_NAME, 'letters, digits, ".", "_" and "-", starting with a letter or a digit, at most 63')
  // Servers are named by their id as well: a name of that form could stand for another server.
  .refine((name) => !ID.test(name), 'must not have the form of an id');
export const serverReference = z.string().min(1).max(100).describe('The MCP server, by its name or its id.');

/** How a server is reached, as doors take it: what belongs to the transport, and nothing else. */
export const connectionFields = {
  transport: z
    .enum(['stdio', 'http', 'sse', 'websocket'])
    .describe('http is Streamable HTTP; sse is what old servers speak.'),
  command: z.string().optional().describe('Of stdio: the program. No shell reads it.'),
  args: z.array(z.string()).optional(),
  env: z
    .record(z.string(), z.string())
    .optional()
    .describe('Of stdio. `{{ secrets.NAME }}` in a value is a secret of the room.'),
  url: z.string().optional().describe('Of http and sse.'),
  headers: z.record(z.string(), z.string()).optional().describe('Of http and sse; `{{ secrets.NAME }}` as in env.'),
  allowAddresses: z.array(z.string()).optional().describe('Private addresses at which it may be reached.'),
};
type Given = { [K in keyof typeof connectionFields]?: z.output<(typeof connectionFields)[K]> | undefined };

export const sandboxField = z
  .strictObject({ level: z.enum(ISOLATION_LEVELS), network: z.boolean().default(true) })
  .refine(({ level, network }) => network || level === 'bubblewrap', 'only bubblewrap keeps a program off the network')
  .describe('How a server that is a program is isolated at least; a step may ask for more.');

/**
 * The connection that was given, or the one before with what was given changed.
 * @throws OpsroomError USAGE that names the member at fault
 */
export function connectionOf(given: Given, before?: McpConnection): McpConnection {
  if (given.transport === 'websocket') {
    throw new OpsroomError('USAGE', {
      what: 'WebSocket is no transport of MCP.',
      where: 'transport',
      mend: 'Give the address of its Streamable HTTP endpoint with transport http; or sse, for an old server.',
    });
  }
  const { transport = before?.transport } = given;
  const kept = before?.transport === transport ? before : undefined;
  const members = { transport, command: given.command, args: given.args, env: given.env, url: given.url };
  const { headers, allowAddresses } = given;
  const wanted = Object.entries({ ...members, headers, allowAddresses }).filter(([, value]) => value !== undefined);
  return validated(mcpConnectionSchema, { ...kept, ...Object.fromEntries(wanted) });
}
