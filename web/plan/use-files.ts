import { useNavigate } from '@tanstack/react-router';
import { useMe } from '../api/me.js';
import { lacks } from '../ui/lacks.js';
import { handOver } from './documents/handed.js';
import { type Draft, draftOf } from './draft.js';
import { leftDocuments, openFiles } from './opened-files.js';

/**
 * Takes files that were opened or dropped: texts become the page's draft, documents go to Documents, which reads them.
 * @param begin is given the draft
 * @param say is given what was not taken and why; undefined: all was
 */
export function useFiles(begin: (draft: Draft) => void, say: (words: string | undefined) => void) {
  const navigate = useNavigate();
  const me = useMe();
  return async (files: readonly File[]): Promise<void> => {
    const opened = await openFiles(files);
    const draft = draftOf(opened.texts);
    const isForDocuments = draft === undefined && opened.documents.length > 0;
    const barred = isForDocuments && me.data ? lacks(me.data, 'intent:propose') : undefined;
    const said = [...opened.refused, ...leftDocuments(opened), ...(barred === undefined ? [] : [barred])];
    if (draft) begin(draft);
    say(said.length === 0 ? undefined : said.join(' '));
    if (!isForDocuments || said.length > 0) return;
    handOver(opened.documents);
    await navigate({ to: '/plan/documents', search: {} });
  };
}
