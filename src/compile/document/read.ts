import { Worker } from 'node:worker_threads';
import { cleanText } from '#ir/clean.js';
import { OpsroomError } from '#kit/errors.js';
import { inspectDocx } from './archive.js';
import { type DocumentKind, kindOf } from './kind.js';
import type { ReaderData, Told } from './reader-thread.js';
import { Turnstile } from './turnstile.js';

/** A document as text. */
export interface ReadDocument {
  readonly kind: DocumentKind;
  /** Markdown, as far as the document tells. */
  readonly text: string;
  /** The line at which each page begins, from 1; one entry where there are no pages. */
  readonly pages: readonly number[];
  /** What its reader should know. */
  readonly flags: readonly string[];
}

export const MOST_BYTES = 20 * 1024 * 1024;
const MOST_TEXT = 4 * 1024 * 1024;
const MOST_PAGES = 1000;
const MOST_MS = 60_000;
const MOST_MEMORY_MB = 512;
/** Each may take that much memory and a core for as long; who comes later waits, with a document in memory. */
const readers = new Turnstile(2, 20);
/** Below so many of a hundred, letters were guessed. */
const SURE = 70;

/**
 * The text of a document, read in a thread whose time and memory end.
 * @param url where it came from, of a page
 * @throws OpsroomError DOCUMENT_REFUSED: too large, encrypted, a scan without text, not what its name says, broken;
 *   TOO_MANY_REQUESTS: too many wait to be read
 */
export async function readDocument(name: string, bytes: Buffer, url?: string): Promise<ReadDocument> {
  if (bytes.length > MOST_BYTES) throw refused(`It is larger than ${MOST_BYTES / 2 ** 20} MiB.`, name);
  const kind = kindOf(name, bytes);
  const flags = kind === 'docx' ? await inspectDocx(bytes) : [];
  const told =
    kind === 'markdown' ? { pages: [decoded(bytes, name)] } : await readers.pass(() => inThread(kind, bytes, url));
  if (told.failed !== undefined) throw refused(failure(told.failed), name);
  if (told.refused !== undefined) throw refused(told.refused, name);
  const { text, pages } = joined(kind === 'pdf' || kind === 'image' ? titled(told.pages ?? []) : (told.pages ?? []));
  if (Buffer.byteLength(text) > MOST_TEXT) throw refused(`Its text is larger than ${MOST_TEXT / 2 ** 20} MiB.`, name);
  if (text.trim() === '') throw refused(nothing(kind), name);
  const guessed = told.confidence !== undefined && told.confidence < SURE;
  const doubt = guessed ? ['The letters were recognised with doubt: hold the text against the picture.'] : [];
  const seen = kind === 'image' ? ['Its text was recognised from a picture.', ...doubt] : [];
  return { kind, text, pages, flags: [...flags, ...seen] };
}

function decoded(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refused('It is not text in UTF-8.', name);
  }
}

/** Line ends are one, blank lines at most two; commands that a page shows at a prompt become a block. */
function joined(pages: readonly string[]): { text: string; pages: number[] } {
  const lines: string[] = [];
  const starts: number[] = [];
  for (const page of pages) {
    starts.push(lines.length + 1);
    // One by one: a page may have more lines than a call takes arguments.
    for (const line of fenced(cleanText(page).replaceAll(/\r\n?/g, '\n').split('\n'))) lines.push(line);
  }
  return { text: lines.join('\n'), pages: starts };
}

/** Lines that begin with a prompt, where no block is open, as a block of the runbook compiler's. */
function fenced(lines: readonly string[]): string[] {
  let open = false;
  const isCommand = (line: string | undefined) => line !== undefined && /^\s*\$ \S/.test(line);
  return lines.flatMap((line, at) => {
    if (/^\s*(?:```|~~~)/.test(line)) open = !open;
    if (open || !isCommand(line)) return [line];
    const before = isCommand(lines[at - 1]) ? [] : ['', '```console'];
    const after = isCommand(lines[at + 1]) ? [] : ['```', ''];
    return [...before, line.trim(), ...after];
  });
}

/** What a page is printed as has no headings: a short first line without an end is the title, where more lines follow. */
function titled([first = '', ...pages]: readonly string[]): string[] {
  const named = first.replace(/^(\s*)(?=\p{Lu}[^\n]{2,80}\n\s*\S)(?![^\n]*[.:;,!?][ \t\r]*\n)/u, '$1# ');
  return [named, ...pages];
}

const nothing = (kind: DocumentKind): string =>
  kind === 'pdf'
    ? 'It holds no text: it is a scan. Add pictures of its pages (PNG, JPEG) instead.'
    : 'It holds no text.';

function failure(told: string): string {
  if (told.startsWith('PasswordException')) return 'It is encrypted: save it without a password.';
  return `It cannot be read: ${told}`;
}

async function inThread(kind: ReaderData['kind'], bytes: Buffer, url: string | undefined): Promise<Told> {
  const worker = new Worker(threadFile(), {
    workerData: { kind, bytes, url, mostPages: MOST_PAGES } satisfies ReaderData,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
    env: {},
    // Those of a program that uses this as a library may be for its main file alone.
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  const told = new Promise<Told>((resolve) => {
    const end = setTimeout(
      () => resolve({ refused: `It took longer than ${MOST_MS / 1000} seconds to read.` }),
      MOST_MS,
    );
    worker.once('message', (answer: Told) => resolve(answer));
    worker.once('error', (error) => resolve({ failed: `${error.name}: ${error.message.slice(0, 300)}` }));
    worker.once('exit', () => {
      clearTimeout(end);
      resolve({ failed: 'Error: the reader ended' });
    });
  });
  try {
    return await told;
  } finally {
    await worker.terminate();
  }
}

/** Node loads no TypeScript into a thread: under the test runner the built file serves. */
function threadFile(): URL {
  const here = import.meta.url;
  return here.endsWith('.ts')
    ? new URL('../../../dist/compile/document/reader-thread.js', here)
    : new URL('./reader-thread.js', here);
}

const refused = (what: string, where: string): OpsroomError => new OpsroomError('DOCUMENT_REFUSED', { what, where });
