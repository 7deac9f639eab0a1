import { OpsroomError } from '#kit/errors.js';
import { MIB } from '#sandbox/limits.js';

/** One message is JSON in memory several times over while it is read. */
export const MOST_MESSAGE = 8 * MIB;
/** In one call, all messages together: progress, logs and the answer. */
const MOST_IN_CALL = 64 * MIB;
/** Answers that nobody asked for, lines that are no JSON. A banner on stdout is usual, thousands of lines are an attack. */
const MOST_STRAY = 1000;

/** Counts what a server sends during one call, and says when it is too much. */
export class Meter {
  private bytes = 0;
  private stray = 0;

  /** A call begins. */
  reset(): void {
    this.bytes = 0;
    this.stray = 0;
  }

  /** @throws OpsroomError MCP_FAILED */
  count(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > MOST_IN_CALL) throw flooded(`more than ${MOST_IN_CALL / MIB} MiB during one call`);
  }

  /** Something that cannot be understood. @throws OpsroomError MCP_FAILED */
  strange(): void {
    this.stray += 1;
    if (this.stray > MOST_STRAY) throw flooded(`more than ${MOST_STRAY} messages that nobody can read`);
  }
}

export function flooded(what: string): OpsroomError {
  return new OpsroomError('MCP_FAILED', {
    what: `The MCP server sent ${what}, and was ended.`,
    mend: 'Ask for less, or find out what is wrong with the server.',
  });
}
