import { createHash } from 'node:crypto';
import { z } from 'zod';
import { MOST_BYTES, readDocument } from '#compile/document/read.js';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import { appendAudit } from '#record/audit-store.js';
import { guardedFetch } from '#sandbox/fetch.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { insertDocument } from './store.js';
import { documentView, requireDocument, showDocument } from './view.js';

export const addDocument = operation({
  name: 'documents.add',
  summary:
    'Read a document (Markdown, PDF, DOCX, a page by its address, a picture) and keep its text and the digest of its file.',
  permission: 'intent:propose',
  changes: true,
  consequential: false,
  input: z.strictObject({
    name: z.string().min(1).max(300).optional().describe('Of a file: its name, whose ending says what it is.'),
    content: z.base64().optional().describe('Of a file: itself in base64, at most 20 MiB of it.'),
    url: z.string().min(1).max(2000).optional().describe('Of a page: its public address, in place of a file.'),
  }),
  output: documentView,
  run: async ({ name, content, url }, room) => {
    const id = await keep(room, await fileOf(name, content, url), url ?? null);
    return showDocument(await requireDocument(room, id));
  },
});

async function fileOf(
  name: string | undefined,
  content: string | undefined,
  url: string | undefined,
): Promise<FetchedFile> {
  if (url !== undefined && content === undefined) return fetchDocument(url);
  if (name !== undefined && content !== undefined && url === undefined)
    return { name, bytes: Buffer.from(content, 'base64') };
  throw new OpsroomError('USAGE', { what: 'Give either `name` and `content` of a file, or `url`.' });
}

interface FetchedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

const FETCH_MS = 30_000;
const ENDING: Readonly<Record<string, string>> = {
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  'application/pdf': 'pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'text/markdown': 'md',
  'text/plain': 'txt',
  'image/png': 'png',
  'image/jpeg': 'jpg',
};

/**
 * What an address holds. Private addresses are refused, also where a redirect leads to one.
 * @param allowAddresses of a test
 * @throws OpsroomError ADDRESS_REFUSED, DOCUMENT_REFUSED
 */
export async function fetchDocument(url: string, allowAddresses: readonly string[] = []): Promise<FetchedFile> {
  const limits = { maxRedirects: 5, maxBytes: MOST_BYTES };
  const headers = { accept: 'text/html,application/pdf,*/*', 'user-agent': 'opsroom' };
  const asked = { url, method: 'GET', headers, allowAddresses, signal: AbortSignal.timeout(FETCH_MS), ...limits };
  const refuse = (what: string, cause?: unknown) =>
    new OpsroomError('DOCUMENT_REFUSED', { what, where: url.slice(0, 200), cause });
  const reply = await guardedFetch(asked).catch((error: unknown) => {
    if (!(error instanceof OpsroomError)) throw refuse('The address does not answer.', error);
    const mend = 'Documents are read from public addresses only: save it as a file, and give that.';
    throw error.code === 'ADDRESS_REFUSED' ? new OpsroomError(error.code, { what: error.message, mend }) : error;
  });
  if (reply.status !== 200) throw refuse(`The address answers with ${reply.status}.`);
  if (reply.truncated) throw refuse(`It is larger than ${MOST_BYTES} bytes.`);
  const type = (reply.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const { hostname, pathname } = new URL(reply.url);
  return {
    name: `${hostname}${pathname}`.slice(0, 250).replace(/\/?(\.\w{1,5})?$/, `.${ENDING[type] ?? 'unknown'}`),
    bytes: reply.body,
  };
}

/** A refusal that matters stands in the audit log with its reason, as each call's does. */
async function keep(room: Room, { name, bytes }: FetchedFile, url: string | null): Promise<string> {
  const { kind, text, pages, flags } = await readDocument(name, bytes, url ?? undefined);
  const now = room.ports.clock.now();
  const id = uuidv7(now.getTime());
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { mask } = await room.ports.secrets(room.org, {});
  const row = { id, name, kind, url, sha256, bytes: bytes.length, text: mask.text(text), pages, flags, by: room.by };
  await room.database.engineTx(async (tx) => {
    await insertDocument(tx, room.org, row);
    const data = { document: id, name, kind, sha256, flags: [...flags] };
    await appendAudit(tx, room.org, [{ at: now.toISOString(), kind: 'document.added', actor: room.by, data }]);
  });
  return id;
}
