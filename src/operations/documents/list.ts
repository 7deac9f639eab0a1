import { z } from 'zod';
import { operation } from '../operation.js';
import { listDocuments } from './store.js';
import { documentId, documentView, showDocument } from './view.js';

export const listDocumentsOperation = operation({
  name: 'documents.list',
  summary: 'List the documents that were read, the newest first.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    limit: z.int().min(1).max(200).default(50),
    before: documentId.optional().describe('`next` of the page before.'),
  }),
  output: z.object({
    documents: z.array(documentView),
    /** Null: these are the oldest. */
    next: z.string().nullable(),
  }),
  run: async ({ limit, before }, room) => {
    const found = await room.database.door(room.org, (tx) => listDocuments(tx, room.org, { limit: limit + 1, before }));
    const documents = found.slice(0, limit).map(showDocument);
    return { documents, next: found.length > limit ? (documents.at(-1)?.documentId ?? null) : null };
  },
});
