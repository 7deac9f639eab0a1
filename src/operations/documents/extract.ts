import { z } from 'zod';
import { extractRequirements } from '#compile/document/extract.js';
import { meteredModel } from '../models/metered.js';
import { operation } from '../operation.js';
import { pageOf, requirementView } from './get.js';
import { documentId, requireDocument } from './view.js';

const MOST_MS = 120_000;

export const extractDocument = operation({
  name: 'documents.extract',
  summary:
    'List what a document asks for: entities, workflows, integrations, constraints; by a language model where one is configured, by rules where not, and marked which.',
  permission: 'intent:propose',
  changes: true,
  consequential: false,
  input: z.strictObject({ document: documentId }),
  output: z.object({
    model: z.string().nullable(),
    why: z.string().nullable(),
    requirements: z.array(requirementView),
  }),
  run: async ({ document: id }, room) => {
    const { text, pages } = await requireDocument(room, id);
    const { model, why } = await meteredModel(room);
    const requirements = await extractRequirements(text, { model, signal: AbortSignal.timeout(MOST_MS) });
    return {
      model: model === undefined ? null : `${model.provider}:${model.model}`,
      why,
      requirements: requirements.map((one) => ({ ...one, page: pageOf(pages, one.line ?? 1) })),
    };
  },
});
