import { MOST_LINE_BYTES } from './audit-lines.js';

/**
 * The lines of a file, split at line feeds alone: entries may hold other separators. What follows the last line feed is a
 * line, too; one that is longer than any export has is cut, so that it is found to be none.
 */
export async function* lines(source: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let pending: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      yield Buffer.concat([...pending, chunk.subarray(from, at)]).toString('utf8');
      [pending, size, from] = [[], 0, at + 1];
    }
    if (size > MOST_LINE_BYTES) continue;
    pending.push(chunk.subarray(from));
    size += chunk.length - from;
  }
  if (size > 0) yield Buffer.concat(pending).toString('utf8');
}
