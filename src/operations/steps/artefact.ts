import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { OpsroomError } from '#kit/errors.js';
import { openArtefact } from '#record/artefact-store.js';
import type { Room } from '../room.js';
import { resolveRun } from '../runs/reference.js';
import { artefactName } from './store.js';

export interface OpenArtefact {
  /** As the plan calls it; no path. */
  readonly name: string;
  readonly size: number;
  readonly stream: Readable;
}

/**
 * The content of an artefact of a run, by its digest.
 * @throws OpsroomError NOT_FOUND for a digest that the run has not, and for an artefact that was pruned
 */
export async function openRunArtefact(room: Room, reference: string, sha256: string): Promise<OpenArtefact> {
  const run = await resolveRun(room, reference);
  return room.database.door(room.org, async (tx) => {
    const name = await artefactName(tx, room.org, run, sha256);
    if (name === undefined)
      throw new OpsroomError('NOT_FOUND', {
        what: 'The run has no such artefact.',
        where: sha256.slice(0, 64),
        mend: 'See those of a step: `opsroom show RUN --step STEP`.',
      });
    return { name, ...(await openArtefact(tx, room.org, sha256, join(room.home, 'artefacts'))) };
  });
}
