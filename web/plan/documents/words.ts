import type { Draft, Origin } from '../draft.js';
import { draftedFor } from '../drafted.js';
import type { Document, DocumentDetail, Drafted, Requirement } from './data.js';

const KINDS: Readonly<Record<Document['kind'], string>> = {
  markdown: 'Markdown',
  pdf: 'PDF',
  docx: 'Word',
  html: 'web page',
  image: 'picture',
};

export const kindText = (kind: Document['kind']): string => KINDS[kind];

const HEADINGS: readonly (readonly [Requirement['kind'], string])[] = [
  ['entity', 'Entities'],
  ['workflow', 'Workflows'],
  ['integration', 'Integrations'],
  ['constraint', 'Constraints'],
];

/** Requirements under their headings, those that there are. */
export function groupsOf(all: readonly Requirement[]): { heading: string; requirements: readonly Requirement[] }[] {
  return HEADINGS.map(([kind, heading]) => ({
    heading,
    requirements: all.filter((one) => one.kind === kind),
  })).filter(({ requirements }) => requirements.length > 0);
}

/** Where something stands: `page 2, line 14`; `pages` of the whole. */
export function placeText({ page, line }: { page: number; line: number | null }, pages: number): string {
  if (line === null) return 'not in these words';
  return pages > 1 ? `page ${page}, line ${line}` : `line ${line}`;
}

/** What came of a document as the Plan page takes it, each step with where it came from; undefined: no plan did. */
export function draftFrom(
  of: Pick<DocumentDetail, 'documentId' | 'name' | 'text' | 'pages'>,
  made: Drafted,
): Draft | undefined {
  if (made.draft !== null) return draftedFor(made.draft);
  if (made.compiled === null || made.file === null) return undefined;
  const origins = made.sources.map(({ step, page, line, paragraph }): Origin => {
    const place =
      of.pages > 1 ? `page ${page}, paragraph ${paragraph}, line ${line}` : `paragraph ${paragraph}, line ${line}`;
    return { step, words: `${of.name}, ${place}`, document: of.documentId, line };
  });
  return { text: of.text, file: made.file, origins };
}
