import { OpsroomError } from '#kit/errors.js';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_SIZE = 22;
const ENTRY_SIZE = 46;
const MOST_COMMENT = 65_535;

export interface ArchiveEntry {
  readonly name: string;
  readonly size: number;
}

/**
 * What the directory at the end of a zip file lists, without inflating anything.
 * @throws OpsroomError DOCUMENT_REFUSED where it has none
 */
export function archiveEntries(bytes: Buffer): ArchiveEntry[] {
  const end = endOf(bytes);
  const count = bytes.readUInt16LE(end + 10);
  const entries: ArchiveEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_SIZE > bytes.length || bytes.readUInt32LE(at) !== ENTRY) throw broken();
    const [nameLength, extra, comment] = [
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
    ];
    const name = bytes.toString('utf8', at + ENTRY_SIZE, at + ENTRY_SIZE + nameLength);
    entries.push({ name, size: bytes.readUInt32LE(at + 24) });
    at += ENTRY_SIZE + nameLength + extra + comment;
  }
  return entries;
}

function endOf(bytes: Buffer): number {
  for (let at = bytes.length - END_SIZE; at >= Math.max(0, bytes.length - END_SIZE - MOST_COMMENT); at--)
    if (bytes.readUInt32LE(at) === END) return at;
  throw broken();
}

const broken = () => new OpsroomError('DOCUMENT_REFUSED', { what: 'It is no whole zip file.' });

const MOST_INFLATED = 100 * 1024 * 1024;
const MOST_ENTRIES = 5000;

/**
 * Looks at a Word file before anything inflates it.
 * @returns what its reader should know: macros, which are never run
 * @throws OpsroomError DOCUMENT_REFUSED for what would grow too large, or is no Word file
 */
export function inspectDocx(bytes: Buffer): string[] {
  const entries = archiveEntries(bytes);
  const size = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (entries.length > MOST_ENTRIES || size > MOST_INFLATED)
    throw new OpsroomError('DOCUMENT_REFUSED', {
      what: `Unpacked it would have ${size} bytes; the limit is ${MOST_INFLATED}.`,
    });
  const names = entries.map(({ name }) => name.toLowerCase());
  if (names.includes('encryptedpackage')) throw new OpsroomError('DOCUMENT_REFUSED', { what: 'It is encrypted.' });
  if (!names.includes('word/document.xml'))
    throw new OpsroomError('DOCUMENT_REFUSED', { what: 'It is no Word document.' });
  return names.some((name) => name.endsWith('vbaproject.bin'))
    ? ['It holds macros. They were not run, and are not kept.']
    : [];
}
