import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { makeDraft } from '../drafts/draft.js';
import { keepDraft } from '../drafts/store.js';
import { draftView } from '../drafts/view.js';
import { operation } from '../operation.js';
import { compiledView, showCompiled } from '../plans/compile.js';
import { compileGiven, isRunbook } from '../plans/input.js';
import type { Room } from '../room.js';
import { pageOf } from './get.js';
import { paragraphsOf } from './paragraphs.js';
import type { StoredDocument } from './store.js';
import { documentId, requireDocument } from './view.js';

const source = z.object({ step: z.string(), page: z.int(), line: z.int(), paragraph: z.int() });

export const draftDocument = operation({
  name: 'documents.draft',
  summary:
    'Draft a plan from a document: its commands as a runbook, each step with its page and line; where it has none, by a goal, with templates and a model if there is one. Nothing runs.',
  permission: 'intent:propose',
  changes: true,
  consequential: false,
  input: z.strictObject({
    document: documentId,
    goal: z
      .string()
      .trim()
      .min(3)
      .max(4000)
      .optional()
      .describe('What is wanted of it; without one, its own commands.'),
  }),
  output: z.object({
    /** Of the document's own commands; null: it was drafted by a goal, or holds none. */
    compiled: compiledView.nullable(),
    /** The name under which its text is compiled so; null: it was drafted by a goal. */
    file: z.string().nullable(),
    sources: z.array(source),
    /** Why its commands make no plan; null: they do, or were not asked for. */
    why: z.string().nullable(),
    draft: draftView.nullable(),
  }),
  run: async ({ document: id, goal }, room) => {
    const stored = await requireDocument(room, id);
    if (goal !== undefined) {
      const draft = await makeDraft(room, { goal, document: stored.text.slice(0, MOST_TOLD) });
      return { compiled: null, file: null, sources: [], why: null, draft };
    }
    return asRunbook(stored, room);
  },
});

/** A model reads no more of a document. */
const MOST_TOLD = 60_000;

/** As which its text is compiled: never a task list, and no path. */
function runbookName(name: string): string {
  const plain = name.replaceAll(/[^\w.-]+/g, '-');
  return isRunbook(plain) ? plain : `${plain}.md`;
}

/** What a stranger wrote is asked for as an agent asks, whoever starts it. */
async function asRunbook(stored: StoredDocument, room: Room) {
  const file = runbookName(stored.name);
  try {
    const given = { text: stored.text, file };
    const compiled = showCompiled(await compileGiven(given, room.contracts));
    const draft = { planDigest: compiled.digest, goal: stored.name, model: 'document', by: room.by, composed: false };
    await room.database.engineTx((tx) => keepDraft(tx, room.org, draft));
    const paragraphs = paragraphsOf(stored.text, stored.pages);
    const sources = compiled.steps.flatMap(({ id: step, place }) => {
      if (!place) return [];
      const { line } = place;
      return [{ step, page: pageOf(stored.pages, line), line, paragraph: paragraphs[line - 1] ?? 0 }];
    });
    return { compiled, file, sources, why: null, draft: null };
  } catch (error) {
    if (!(error instanceof OpsroomError) || error.code === 'INTERNAL') throw error;
    return { compiled: null, file, sources: [], why: `${error.message} ${error.mend}`, draft: null };
  }
}
