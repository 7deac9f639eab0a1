import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import type { Room } from '../room.js';
import { findDocument, type StoredDocument } from './store.js';

export const documentView = z.object({
  documentId: z.string(),
  name: z.string(),
  kind: z.enum(['markdown', 'pdf', 'docx', 'html', 'image']),
  url: z.string().nullable(),
  /** Of the file, which is not kept. */
  sha256: z.string(),
  bytes: z.int(),
  pages: z.int(),
  /** What its reader should know: macros, letters that were guessed. */
  flags: z.array(z.string()),
  by: z.string(),
  at: z.string(),
});

export const showDocument = (stored: Omit<StoredDocument, 'text'>): z.infer<typeof documentView> => {
  const { id, name, kind, url, sha256, bytes, pages, flags, by, at } = stored;
  return {
    documentId: id,
    name,
    kind,
    url,
    sha256,
    bytes,
    pages: pages.length,
    flags: [...flags],
    by,
    at: at.toISOString(),
  };
};

export const documentId = z.uuid().describe('The id of a document.');

/**
 * A document, its text as it may be used: without the secrets that the room knows by now, and its own settings are only text.
 * @throws OpsroomError NOT_FOUND
 */
export async function requireDocument(room: Room, id: string): Promise<StoredDocument> {
  const found = await room.database.door(room.org, (tx) => findDocument(tx, room.org, id));
  if (found) {
    const { mask } = await room.ports.secrets(room.org, {});
    return { ...found, text: settingsAsText(mask.text(found.text)) };
  }
  throw new OpsroomError('NOT_FOUND', {
    what: 'There is no such document.',
    where: id,
    mend: 'List them: `opsroom documents`.',
  });
}

/** A stranger may write `run: true`, too: with another rule above it, the same lines are no front matter. */
const settingsAsText = (text: string): string => text.replace(/^\uFEFF?---(?=[ \t]*[\r\n])/, '***');
