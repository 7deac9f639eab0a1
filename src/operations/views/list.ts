import { z } from 'zod';
import { operation } from '../operation.js';
import type { RunFilter } from '../runs/filter.js';
import { resolved } from '../runs/list.js';
import { countRuns } from '../runs/list-store.js';
import { listViews } from './store.js';
import { savedView, shownView, viewCount } from './view.js';

/** What everybody has, before anything is saved. */
const BUILT_IN: readonly { readonly viewId: string; readonly name: string; readonly filter: RunFilter }[] = [
  { viewId: 'all', name: 'All', filter: {} },
  { viewId: 'day', name: 'Last 24 hours', filter: { within: '24h' } },
  { viewId: 'person', name: 'Needs a person', filter: { needsPerson: true } },
  { viewId: 'failed', name: 'Failed this week', filter: { status: ['failed', 'rolled_back'], within: '7d' } },
  { viewId: 'mine', name: 'Mine', filter: { requestedBy: ['me'] } },
  { viewId: 'archived', name: 'Archived', filter: { archived: 'only' } },
];

export const listViewsOperation = operation({
  name: 'views.list',
  summary: 'List saved views: those built in, those of everybody and your own, each with how many runs fit, to 1000.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    counts: z.boolean().default(true).describe('Whether to count; without it the counts are null.'),
  }),
  output: z.object({
    builtIn: z.array(savedView.pick({ viewId: true, name: true, filter: true }).extend({ runs: viewCount.nullable() })),
    saved: z.array(savedView.extend({ runs: viewCount.nullable() })),
  }),
  run: ({ counts }, room) =>
    room.database.door(room.org, async (tx) => {
      const count = async (filter: RunFilter) =>
        counts ? countRuns(tx, room.org, await resolved(tx, filter, room)) : null;
      const builtIn = [];
      // One after the other: they share the transaction's connection.
      for (const view of BUILT_IN) builtIn.push({ ...view, runs: await count(view.filter) });
      const saved = [];
      for (const row of await listViews(tx, room.org, room.by))
        saved.push({ ...shownView(row), runs: await count(row.filter) });
      return { builtIn, saved };
    }),
});
