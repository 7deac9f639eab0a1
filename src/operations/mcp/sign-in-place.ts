import type { McpConnection } from '#ir/mcp.js';
import { OpsroomError } from '#kit/errors.js';
import type { SignInAt } from '#tools/mcp/oauth.js';

/** A server as a connection to it was opened. */
export interface Reached {
  readonly id: string;
  readonly name: string;
  readonly connection: McpConnection;
}

/** What was begun is for a connection that the server no longer has. */
export const changedMeanwhile = ({ name }: Reached): OpsroomError =>
  new OpsroomError('MCP_SIGN_IN', { what: `How the MCP server "${name}" is reached was changed meanwhile.` });

/** @param why it holds no longer, as a clause */
export function signInAgain({ name }: Reached, why: string): OpsroomError {
  return new OpsroomError('MCP_SIGN_IN', {
    what: `The room is not signed in at the MCP server "${name}": ${why}`,
    mend: `Sign in again: \`opsroom mcp login ${name}\`, or on the Settings page.`,
  });
}

/** Where a server's users sign in. @throws OpsroomError USAGE for a server that nobody signs in at */
export function placeOf({ name, connection }: Reached): SignInAt {
  if (connection.transport === 'stdio')
    throw new OpsroomError('USAGE', { what: `"${name}" is a program of this machine: nobody signs in there.` });
  const { url, headers, allowAddresses } = connection;
  if (Object.keys(headers).some((header) => header.toLowerCase() === 'authorization')) {
    const mend = 'Change it: `opsroom mcp change NAME` without that header.';
    throw new OpsroomError('USAGE', { what: `"${name}" is reached with a header Authorization of its own.`, mend });
  }
  if (url.includes('{{'))
    throw new OpsroomError('USAGE', { what: `The address of "${name}" holds a secret: nobody signs in there.` });
  return { url, allowAddresses };
}
