import { createInflateRaw } from 'node:zlib';
import { OpsroomError } from '#kit/errors.js';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_SIZE = 22;
const ENTRY_SIZE = 46;
const HEADER = 0x04034b50;
const HEADER_SIZE = 30;
const STORED = 0;
const DEFLATED = 8;
const MOST_COMMENT = 65_535;

export interface ArchiveEntry {
  readonly name: string;
  /** As it claims: nothing has been inflated. */
  readonly size: number;
  readonly method: number;
  /** Of the packed bytes. */
  readonly packed: number;
  /** Where its own header stands. */
  readonly at: number;
}

/**
 * What the directory at the end of a zip file lists, without inflating anything. A directory that two readers could see differently
 * (another count than is there, bytes between it and its end, the 64-bit form) is refused: what is looked at here is what is read later.
 * @throws OpsroomError DOCUMENT_REFUSED
 */
export function archiveEntries(bytes: Buffer): ArchiveEntry[] {
  const end = endOf(bytes);
  const count = bytes.readUInt16LE(end + 10);
  const entries: ArchiveEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  while (at + ENTRY_SIZE <= end && bytes.readUInt32LE(at) === ENTRY) {
    const [nameLength, extra, comment] = [
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
    ];
    entries.push({
      name: bytes.toString('utf8', at + ENTRY_SIZE, at + ENTRY_SIZE + nameLength),
      size: bytes.readUInt32LE(at + 24),
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      at: bytes.readUInt32LE(at + 42),
    });
    at += ENTRY_SIZE + nameLength + extra + comment;
  }
  const disks = [bytes.readUInt16LE(end + 4), bytes.readUInt16LE(end + 6), count - bytes.readUInt16LE(end + 8)];
  const whole = at === end && bytes.readUInt32LE(end + 12) + bytes.readUInt32LE(end + 16) === end;
  if (!whole || entries.length !== count || disks.some((one) => one !== 0)) throw broken();
  return entries;
}

function endOf(bytes: Buffer): number {
  for (let at = bytes.length - END_SIZE; at >= Math.max(0, bytes.length - END_SIZE - MOST_COMMENT); at--)
    if (bytes.readUInt32LE(at) === END) return at;
  throw broken();
}

const broken = (cause?: unknown) => new OpsroomError('DOCUMENT_REFUSED', { what: 'It is no whole zip file.', cause });
const tooLarge = () =>
  new OpsroomError('DOCUMENT_REFUSED', {
    what: `Unpacked it would have more than ${MOST_ENTRIES} files, or than ${MOST_INFLATED / 2 ** 20} MiB.`,
  });

/** Its packed bytes, by its own header as readers take them. */
function packedBytes(bytes: Buffer, { at, packed }: ArchiveEntry): Buffer {
  if (at + HEADER_SIZE > bytes.length || bytes.readUInt32LE(at) !== HEADER) throw broken();
  const start = at + HEADER_SIZE + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  if (start + packed > bytes.length) throw broken();
  return bytes.subarray(start, start + packed);
}

/** How many bytes come out of an entry; no more are inflated once there are more than `most`. */
async function inflatedSize(bytes: Buffer, entry: ArchiveEntry, most: number): Promise<number> {
  const packed = packedBytes(bytes, entry);
  if (entry.method === STORED) return packed.length;
  if (entry.method !== DEFLATED) throw broken();
  const inflate = createInflateRaw();
  inflate.end(packed);
  let size = 0;
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > most) break;
    }
  } catch (error) {
    throw broken(error);
  }
  return size;
}

const MOST_INFLATED = 100 * 1024 * 1024;
const MOST_ENTRIES = 5000;

/**
 * Looks at a Word file before its reader inflates it: by what it claims, then by what really comes out, counted and thrown away.
 * @returns what its reader should know: macros, which are never run
 * @throws OpsroomError DOCUMENT_REFUSED for what would grow too large, or is no Word file
 */
export async function inspectDocx(bytes: Buffer): Promise<string[]> {
  const entries = archiveEntries(bytes);
  const claimed = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (entries.length > MOST_ENTRIES || claimed > MOST_INFLATED) throw tooLarge();
  let left = MOST_INFLATED;
  for (const entry of entries) {
    left -= await inflatedSize(bytes, entry, left);
    if (left < 0) throw tooLarge();
  }
  const names = entries.map(({ name }) => name.toLowerCase());
  if (names.includes('encryptedpackage')) throw new OpsroomError('DOCUMENT_REFUSED', { what: 'It is encrypted.' });
  if (!names.includes('word/document.xml'))
    throw new OpsroomError('DOCUMENT_REFUSED', { what: 'It is no Word document.' });
  return names.some((name) => name.endsWith('vbaproject.bin'))
    ? ['It holds macros. They were not run, and are not kept.']
    : [];
}
