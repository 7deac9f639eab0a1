import { MIB } from '#sandbox/limits.js';
import { flooded, MOST_MESSAGE } from './meter.js';

/** Cuts a stream into lines; what is unfinished is kept, up to `MOST_MESSAGE`. */
export class Lines {
  private parts: Buffer[] = [];
  private size = 0;

  /** @returns the lines that this piece finishes, without their ends. @throws OpsroomError MCP_FAILED for one that does not end */
  push(chunk: Uint8Array): string[] {
    const lines: string[] = [];
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      lines.push(this.finish(rest.subarray(0, end)));
      rest = rest.subarray(end + 1);
    }
    this.keep(rest);
    return lines;
  }

  private finish(last: Buffer): string {
    this.keep(last);
    const line = Buffer.concat(this.parts).toString('utf8');
    this.parts = [];
    this.size = 0;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }

  private keep(part: Buffer): void {
    this.size += part.length;
    if (this.size > MOST_MESSAGE) throw flooded(`a message of more than ${MOST_MESSAGE / MIB} MiB`);
    if (part.length > 0) this.parts.push(part);
  }
}
