import { z } from 'zod';
import { extractRequirements } from '#compile/document/extract.js';
import { type Called, recordCalls } from '../models/record.js';
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
    const found = await room.models.find(room);
    const { model } = found;
    const calls: Called[] = [];
    const requirements = await extractRequirements(text, {
      model,
      signal: AbortSignal.timeout(MOST_MS),
      called: (prompt, answer, ms) => calls.push({ prompt, answer, ms }),
      now: () => room.ports.clock.monotonicMs(),
    });
    const used = calls.some(({ answer }) => answer.value !== undefined);
    if (model) await room.database.engineTx((tx) => recordCalls(tx, room, { calls, model, used, planDigest: null }));
    return {
      model: model === undefined ? null : `${model.provider}:${model.model}`,
      why: found.model === undefined ? found.why : null,
      requirements: requirements.map((one) => ({ ...one, page: pageOf(pages, one.line ?? 1) })),
    };
  },
});
