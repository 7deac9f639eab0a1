import { z } from 'zod';
import { operation } from '../operation.js';
import { listDocuments } from './store.js';
import { documentView, showDocument } from './view.js';

export const listDocumentsOperation = operation({
  name: 'documents.list',
  summary: 'List the documents that were read, the newest first.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ limit: z.int().min(1).max(200).default(50) }),
  output: z.object({ documents: z.array(documentView) }),
  run: async ({ limit }, room) => {
    const found = await room.database.door(room.org, (tx) => listDocuments(tx, room.org, limit));
    return { documents: found.map(showDocument) };
  },
});
