import { z } from 'zod';
import { organisationsOf } from '#identity/organisations-store.js';
import { chooseWorkplace } from '#identity/people-store.js';
import { OpsroomError } from '#kit/errors.js';
import { operation } from '../operation.js';
import { audit } from '../people/audit.js';
import { organisationView, shownOrganisation } from './view.js';

export const switchOrganisation = operation({
  name: 'organisations.switch',
  summary:
    'Work in another organisation, in this browser, from the next request on. Only for a person who has signed in: a key belongs to one organisation.',
  permission: 'run:read',
  changes: true,
  consequential: false, // switching back makes it good
  input: z.strictObject({ organisation: z.string().min(1).max(63).describe('Its short name or its id.') }),
  output: organisationView,
  run: ({ organisation: which }, room) =>
    room.database.engineTx(async (tx) => {
      const { person, by } = room;
      if (!person) {
        const mend = 'Use a key of that organisation; on the command line, `--org NAME`.';
        throw new OpsroomError('DENIED', { what: `${by} is no person who has signed in.`, mend });
      }
      const found = (await organisationsOf(tx, person.id)).find(({ id, slug }) =>
        [id, slug].includes(which.toLowerCase()),
      );
      // The same for one that is not there: whoever is no member learns nothing.
      if (!found)
        throw new OpsroomError('NOT_FOUND', {
          what: 'You are no member of such an organisation.',
          where: which,
          mend: 'List yours: `opsroom orgs`.',
        });
      await chooseWorkplace(tx, person.signInId, found.id);
      await audit(room, { ...person, org: found.id }, 'person.switched', { signInId: person.signInId }, tx);
      return shownOrganisation(found, found.id);
    }),
});
