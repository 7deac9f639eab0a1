import type { Config } from '#kit/config.js';
import type { OpenRoom } from '#operations/wire.js';

/** What a command has while the room is open. */
export interface Session extends OpenRoom {
  readonly config: Config;
}

let organisation: string | undefined;

/** Has what this command line opens be the room of an organisation: that of `--org`, which wins over OPSROOM_ORG. */
export function workIn(name: string | undefined): void {
  organisation = name;
}

/**
 * Opens the room of the current folder for one command and leaves it afterwards, whatever happens. Loads the engine only
 * now, so that help and `verify` do without. The log goes to a file of the data directory.
 */
export async function withRoom<T>(work: (session: Session) => Promise<T>): Promise<T> {
  return withRoomAnd(
    () => Promise.resolve(undefined),
    (session) => work(session),
  );
}

/**
 * As `withRoom`, for work that needs more of the program. The database takes as long to start as the engine to load, so it is
 * begun with first.
 */
export async function withRoomAnd<M, T>(
  load: () => Promise<M>,
  work: (session: Session, loaded: M) => Promise<T>,
): Promise<T> {
  const [{ loadConfig }, { disinherit }, { openRoomLog }, { baseWith, openBase }] = await Promise.all([
    import('#kit/config.js'),
    import('#kit/inheritance.js'),
    import('#operations/room-log.js'),
    import('#operations/base.js'),
  ]);
  // Only now: what a command was given as /dev/fd/N has been read.
  disinherit();
  const settings = loadConfig();
  const config = organisation === undefined ? settings : { ...settings, organisation };
  const cwd = process.cwd();
  const { log, learn } = await openRoomLog(config, cwd);
  const [base, [{ openRoomOver }, { servedAt }, loaded]] = await baseWith(
    (begun) => openBase(config, cwd, log, begun),
    () => Promise.all([import('#operations/wire.js'), import('#server/serving.js'), load()]),
  );
  const open = await openRoomOver(base, { config, cwd, log, learn });
  try {
    // What is printed leads to the room that runs, whatever port it was given.
    const url = config.signIn.publicUrl ?? (await servedAt(open.room.home));
    const room = url === undefined ? open.room : { ...open.room, url: () => url };
    return await work({ ...open, room, config }, loaded);
  } finally {
    await open.close();
  }
}
