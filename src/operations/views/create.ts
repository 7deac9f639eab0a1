import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import { authorise } from '../invoke.js';
import { operation } from '../operation.js';
import { filterSchema, resolveFilter } from '../runs/filter.js';
import { insertView, listViews } from './store.js';
import { savedView, shownView } from './view.js';

/** Each is counted whenever they are listed. */
const MOST_VIEWS = 20;

export const createView = operation({
  name: 'views.create',
  summary: 'Save a filter over runs under a name: for yourself, or shared with everybody, which needs room:admin.',
  permission: 'run:read',
  changes: true,
  consequential: false,
  input: z.strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(60)
      .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'use no control characters'),
    filter: filterSchema,
    shared: z.boolean().default(false),
  }),
  output: savedView,
  run: async ({ name, filter, shared }, room) => {
    if (shared) authorise({ name: 'views.create', permission: 'room:admin' }, room);
    const now = room.ports.clock.now();
    resolveFilter(filter, { names: [room.by], now }); // refuses now what no list could be made of
    const view = {
      org: room.org,
      id: uuidv7(now.getTime()),
      name,
      owner: shared ? null : room.by,
      filter,
      createdBy: room.by,
    };
    const made = await room.database.door(room.org, async (tx) => {
      const known = (await listViews(tx, room.org, room.by)).filter((one) => one.owner === view.owner);
      if (known.length >= MOST_VIEWS)
        throw new OpsroomError('USAGE', { what: `There are ${MOST_VIEWS} views already.`, mend: 'Delete one first.' });
      return insertView(tx, view);
    });
    if (made) return shownView(made);
    throw new OpsroomError('USAGE', { what: `There is a view "${name}" already.`, mend: 'Choose another name.' });
  },
});
