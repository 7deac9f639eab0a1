import { OpsroomError } from '#kit/errors.js';

/** More than any server that people use has; each is kept, and read whenever a plan names a tool. */
export const MOST_TOOLS = 500;
/** Characters of JSON, all definitions of a server together. */
export const MOST_LISTED = 2 * 1024 * 1024;

/**
 * Holds a server to what can be kept of it. A part would not do: which part, the server could choose.
 * @throws OpsroomError MCP_FAILED
 */
export function requireBounded(listed: readonly unknown[]): void {
  if (listed.length > MOST_TOOLS) throw tooMuch(`lists ${listed.length} tools; ${MOST_TOOLS} can be kept`);
  const size = listed.reduce<number>((sum, one) => sum + JSON.stringify(one).length, 0);
  if (size > MOST_LISTED) throw tooMuch(`says ${size} characters of its tools; ${MOST_LISTED} can be kept`);
}

function tooMuch(what: string): OpsroomError {
  return new OpsroomError('MCP_FAILED', {
    what: `The MCP server ${what}. Nothing of what it lists was kept.`,
    mend: 'Have it offer fewer tools, or register it in parts.',
  });
}
