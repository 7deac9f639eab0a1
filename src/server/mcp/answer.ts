import type { CallToolResult } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import { asOpsroomError, CATALOGUE, type ErrorCode, OpsroomError } from '#kit/errors.js';
import type { Room } from '#operations/room.js';
import { fitted } from '../fit.js';
import { fromProject, problemOf } from '../problem.js';

/** Clients cut or refuse what takes more than about 25,000 tokens. */
export const MOST_CHARACTERS = 60_000;

/** What a refusal means for a model, where the catalogue speaks of the command line. */
const WAYS_ON: Partial<Record<ErrorCode, string>> = {
  APPROVAL_NEEDED: 'Call `intents_create` with the same plan and inputs, and give its link to a person.',
  DENIED:
    'Do what it asks of the plan, if it does, and propose that; look for no way around it, and tell the person you work for.',
};

/** What went well, as text and as a value; shortened where a client could not take it whole. */
export function answered(output: object, schema: z.ZodType): CallToolResult {
  const shown = fitted(output, MOST_CHARACTERS);
  if (shown !== output && !schema.safeParse(shown).success) {
    const what = 'The answer is too large to be shown here, however much is cut.';
    throw new OpsroomError('REQUEST_TOO_LARGE', { what, mend: 'Ask for less: a smaller limit, one run or one step.' });
  }
  return { content: [{ type: 'text', text: JSON.stringify(shown) }], structuredContent: { ...shown } };
}

/** What went wrong, as a result that the model reads; faults of the room go into its log. */
export function refused(thrown: unknown, room: Room): CallToolResult {
  const error = asOpsroomError(thrown);
  if (CATALOGUE[error.code].http >= 500) room.log.error({ err: thrown }, 'an MCP request failed');
  const { code, what, where, mend, problems } = fromProject(problemOf(error), room.project);
  const way = WAYS_ON[code];
  const lines = [`${code}: ${what}${where === undefined ? '' : ` (${where})`}`, mend, ...(way ? [way] : [])];
  if (problems) lines.push(JSON.stringify(fitted({ problems }, MOST_CHARACTERS)));
  return { content: [{ type: 'text', text: lines.join('\n') }], isError: true, _meta: { 'opsroom/code': code } };
}
