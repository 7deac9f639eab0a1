import { z } from 'zod';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { findSession } from '../sessions/store.js';
import { filterShape, type ResolvedFilter, type RunFilter, resolveFilter } from './filter.js';
import { listRuns } from './list-store.js';
import { runSummary, shownSummary } from './summary.js';

export const listRunsOperation = operation({
  name: 'runs.list',
  summary:
    'List runs, the newest first, by status, lane, session, plan, text, asker, target or time. `next` leads to the next page; a page may be short, or empty, and have one.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    ...filterShape,
    limit: z.int().min(1).max(1000).default(20),
    cursor: z.uuid().optional().describe('`next` of the page before.'),
  }),
  output: z.object({ runs: z.array(runSummary), next: z.string().nullable() }),
  run: ({ limit, cursor, ...asked }, room) =>
    room.database.door(room.org, async (tx) => {
      const filter = await resolved(tx, asked, room);
      const { rows, next } = await listRuns(tx, room.org, filter, { limit, cursor });
      return { runs: rows.map(shownSummary), next };
    }),
});

/** A filter as it is meant now, by whoever the room stands for. */
export async function resolved(
  sql: Parameters<typeof findSession>[0],
  asked: RunFilter,
  { org, principal: { by, aliases }, ports }: Pick<Room, 'org' | 'principal' | 'ports'>,
): Promise<ResolvedFilter> {
  const filter = resolveFilter(asked, { names: [by, ...(aliases ?? [])], now: ports.clock.now() });
  if (asked.session === undefined) return filter;
  return { ...filter, sessionId: (await findSession(sql, org, asked.session))?.id ?? null };
}
