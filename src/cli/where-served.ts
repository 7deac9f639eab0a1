import type { Config } from '#kit/config.js';
import { OpsroomError } from '#kit/errors.js';
import type { Room } from '#operations/room.js';
import { servedAt } from '#server/serving.js';

/** The origin at which browsers reach the room now. @throws OpsroomError USAGE when it has none */
export async function whereServed({
  config,
  room,
}: {
  readonly config: Pick<Config, 'signIn'>;
  readonly room: Pick<Room, 'home'>;
}): Promise<string> {
  if (config.signIn.publicUrl !== undefined) return config.signIn.publicUrl;
  const url = await servedAt(room.home);
  if (url !== undefined) return url;
  throw new OpsroomError('USAGE', {
    what: 'The room does not run, so a link would lead nowhere.',
    mend: 'Start it: `opsroom start`. Until it has an owner, that prints such a link as well.',
  });
}
