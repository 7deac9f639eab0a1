import { z } from 'zod';
import { approvalsOf, type IntentFilter, listIntents, type Sql } from '#authorise/intents/store.js';
import { INTENT_STATUSES } from '#ir/intent-state.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { type IntentView, intentView, shownIntent } from './view.js';

export const listIntentsOperation = operation({
  name: 'intents.list',
  summary: 'List what was asked for, the newest first: what waits for whom, what was agreed to, and how it ended.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    status: z.array(z.enum(INTENT_STATUSES)).min(1).max(INTENT_STATUSES.length).optional().describe('Any of these.'),
    proposedBy: z.string().min(1).max(400).optional().describe('Who asked, as runs name them; "me" is you.'),
    text: z.string().min(1).max(200).optional().describe('Part of the words or of the title.'),
    limit: z.int().min(1).max(200).default(20),
    cursor: z.uuid().optional().describe('`next` of the page before.'),
  }),
  output: z.object({ intents: z.array(intentView), next: z.string().nullable() }),
  run: ({ status, proposedBy, text, limit, cursor }, room) =>
    room.database.door(room.org, async (tx) => {
      const { by, aliases = [] } = room.principal;
      const named = proposedBy === undefined ? undefined : [proposedBy];
      const filter = { status, text, proposedBy: proposedBy === 'me' ? [by, ...aliases] : named };
      const intents = await intentPage(tx, room, filter, { limit: limit + 1, cursor });
      const page = intents.slice(0, limit);
      return { intents: page, next: intents.length > limit ? (page.at(-1)?.intentId ?? null) : null };
    }),
});

/** Some intents as they are shown, the newest first. */
export async function intentPage(
  tx: Sql,
  room: Room,
  filter: IntentFilter,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<IntentView[]> {
  const rows = await listIntents(tx, room.org, filter, page);
  const words = await approvalsOf(
    tx,
    room.org,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => shownIntent(row, words.get(row.id) ?? [], room));
}
