import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { authorise } from '../invoke.js';
import { operation } from '../operation.js';
import { deleteView, findView } from './store.js';
import { savedView, shownView } from './view.js';

export const deleteViewOperation = operation({
  name: 'views.delete',
  summary: 'Delete a saved view. Runs are not touched. One that is shared needs room:admin.',
  permission: 'run:read',
  changes: true,
  consequential: false,
  input: z.strictObject({ view: z.string().min(1).max(60).describe('Its id or its name.') }),
  output: savedView,
  run: ({ view }, room) =>
    room.database.door(room.org, async (tx) => {
      const found = await findView(tx, room.org, room.by, view);
      if (!found)
        throw new OpsroomError('NOT_FOUND', {
          what: 'There is no such view.',
          where: view,
          mend: 'List them: `opsroom views`.',
        });
      if (found.owner === null) authorise({ name: 'views.delete', permission: 'room:admin' }, room);
      await deleteView(tx, room.org, found.id);
      return shownView(found);
    }),
});
