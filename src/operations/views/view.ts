import { z } from 'zod';
import { filterSchema } from '../runs/filter.js';
import type { SavedViewRow } from './store.js';

/** How many runs fit a view: exact, or with `more` at least so many. */
export const viewCount = z.object({ count: z.int(), more: z.boolean() });

export const savedView = z.object({
  viewId: z.string(),
  name: z.string(),
  /** Everybody's, and not only of whoever made it. */
  shared: z.boolean(),
  filter: filterSchema,
  createdBy: z.string(),
  createdAt: z.string(),
});

export function shownView(row: SavedViewRow): z.infer<typeof savedView> {
  return {
    viewId: row.id,
    name: row.name,
    shared: row.owner === null,
    filter: row.filter,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
  };
}
