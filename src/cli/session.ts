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
 * Opens the room of the current folder for one command and leaves it afterwards, whatever happens; makes it where there is none. Loads
 * the engine only now, so that help and `verify` do without. The log goes to a file of the data directory.
 */
export function withRoom<T>(work: (session: Session) => Promise<T>): Promise<T> {
  return openFor({}, work);
}

/**
 * As `withRoom`, for what only shows or steers what is there: in a folder without a room that would show an empty one, and
 * leave it behind.
 * @throws OpsroomError ROOM_NOT_FOUND
 */
export function withExistingRoom<T>(work: (session: Session) => Promise<T>): Promise<T> {
  return openFor({ mustExist: true }, work);
}

/**
 * The room for a command with several words, of which only some make something that a new room can begin with.
 *
 * @param makes whether this one does; any other finds nothing where there is no room
 */
export const roomFor = (makes: boolean): typeof withRoom => (makes ? withRoom : withExistingRoom);

/** As `withRoom`, for work that needs more of the program, which is loaded while the database starts. @param load may be called twice */
export async function withRoomAnd<M, T>(
  load: () => Promise<M>,
  work: (session: Session, loaded: M) => Promise<T>,
): Promise<T> {
  return openFor({ load }, async (session) => work(session, await load()));
}

interface Opening {
  readonly mustExist?: boolean;
  /** The database takes as long to start as the engine to load, so it is begun with first. */
  readonly load?: () => Promise<unknown>;
}

async function openFor<T>({ mustExist = false, load }: Opening, work: (session: Session) => Promise<T>): Promise<T> {
  const [{ loadConfig }, { disinherit }, { openRoomLog }, { baseWith, openBase, requireRoom }] = await Promise.all([
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
  if (mustExist) await requireRoom(config, cwd);
  const { log, learn } = await openRoomLog(config, cwd);
  const [base, [{ openRoomOver }, { servedAt }]] = await baseWith(
    (begun) => openBase(config, cwd, log, begun),
    () => Promise.all([import('#operations/wire.js'), import('#server/serving.js'), load?.()]),
  );
  const open = await openRoomOver(base, { config, cwd, log, learn });
  try {
    // What is printed leads to the room that runs, whatever port it was given.
    const url = config.signIn.publicUrl ?? (await servedAt(open.room.home));
    const room = url === undefined ? open.room : { ...open.room, url: () => url };
    return await work({ ...open, room, config });
  } finally {
    await open.close();
  }
}
