export type LogStream = 'out' | 'err';

/** One line of a log. Text that is not UTF-8 is shown with replacement characters; the stored bytes are what came. */
export interface LogLine {
  /** From 1, over both streams of the attempt, in the order in which lines ended. */
  readonly number: number;
  readonly stream: LogStream;
  readonly text: string;
  /** False when no line feed followed: the last line of a stream, or a piece of a line that was too long. */
  readonly ended: boolean;
}

const FROM_ERR = 1;
const ENDED = 2;
/** A flag byte and a length of at most three bytes (lines are at most 64 KiB). */
export const RECORD_OVERHEAD = 4;

/** Writes one line at `at` and returns where it ends: flags, length as LEB128, bytes without the line feed. */
export function writeRecord(into: Buffer, at: number, stream: LogStream, line: Uint8Array, ended: boolean): number {
  let end = into.writeUInt8((stream === 'err' ? FROM_ERR : 0) | (ended ? ENDED : 0), at);
  let length = line.length;
  for (; length > 127; length >>>= 7) end = into.writeUInt8((length & 127) | 128, end);
  end = into.writeUInt8(length, end);
  into.set(line, end);
  return end + line.length;
}

/** The lines of a run of records; the first has the number given. Throws RangeError when they are cut short. */
export function* readRecords(records: Buffer, firstLine: number): Generator<LogLine> {
  let number = firstLine;
  for (let at = 0; at < records.length; number++) {
    const flags = records.readUInt8(at++);
    let length = 0;
    for (let shift = 0, byte = 128; byte > 127; shift += 7) {
      byte = records.readUInt8(at++);
      length |= (byte & 127) << shift;
    }
    if (at + length > records.length) throw new RangeError('a log record is cut short');
    const text = records.toString('utf8', at, at + length);
    yield { number, stream: flags & FROM_ERR ? 'err' : 'out', text, ended: (flags & ENDED) !== 0 };
    at += length;
  }
}
