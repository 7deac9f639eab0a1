import { z } from 'zod';
import { requirementsByRule } from '#compile/document/requirements.js';
import { operation } from '../operation.js';
import { documentId, documentView, requireDocument, showDocument } from './view.js';

export const requirementView = z.object({
  kind: z.enum(['entity', 'workflow', 'integration', 'constraint']),
  text: z.string(),
  /** Of the text; null: a model named it, and it stands nowhere in these words. */
  line: z.int().nullable(),
  page: z.int(),
  from: z.enum(['rule', 'model']),
});

export const getDocument = operation({
  name: 'documents.get',
  summary:
    'Show one document: its text, and the entities, workflows, integrations and constraints that rules find in it.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({ document: documentId }),
  output: documentView.extend({
    text: z.string(),
    /** The line of the text at which each page begins, from 1. */
    pageLines: z.array(z.int()),
    requirements: z.array(requirementView),
  }),
  run: async ({ document: id }, room) => {
    const stored = await requireDocument(room, id);
    const requirements = requirementsByRule(stored.text).map((one) => ({
      ...one,
      page: pageOf(stored.pages, one.line ?? 1),
    }));
    return { ...showDocument(stored), text: stored.text, pageLines: [...stored.pages], requirements };
  },
});

/** The page on which a line of the text stands, from 1. */
export function pageOf(pages: readonly number[], line: number): number {
  return Math.max(1, pages.filter((start) => start <= line).length);
}
