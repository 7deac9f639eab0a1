import { OpsroomError } from '#kit/errors.js';
import { type FirstRunProps, hasRuns, prepareFirstRun } from '#operations/first-run.js';
import { hasOwner, LINK_HOURS, makeOwnerLink } from '#operations/people/owner-link.js';
import { keepNamedFolder } from '#operations/policies/named-folder.js';
import type { Room } from '#operations/room.js';
import { isLoopback, type Served, serve } from '#server/serve.js';
import { reachable } from '#server/serving.js';
import { type FirstRun, showFirstRun } from './first-run.js';
import type { Output } from './output.js';
import type { Session } from './session.js';
import { aborted, drainText, type Stopping } from './stopping.js';
import { exitCodeOf, runResult } from './summary.js';

export interface StartOptions {
  readonly port: number;
  readonly host: string;
  readonly openToNetwork?: boolean;
  readonly once?: boolean;
}

interface Stage {
  readonly output: Output;
  readonly stopping: Stopping;
}

type Serving = Served<FirstRunProps | undefined>;

/** Serves; shows the example when asked to or when there has never been a run; stays until told to stop. @returns the exit code */
export async function stand(session: Session, options: StartOptions, { output, stopping }: Stage): Promise<number> {
  const { config, room } = session;
  const { host, port, once = false } = options;
  refuseUnasked(options);
  const prepare = async () => (once || !(await hasRuns(room)) ? prepareFirstRun(session) : undefined);
  const served = await serve(session, { config, host, port, prepare });
  try {
    await keepNamedFolder(room.home, config.policies);
    const door = once ? undefined : await openDoor(room, served.browserUrl, output);
    announce(served, door, session, output);
    const shown = await exhibit(session, served, { output, stopping });
    if (once) return exitOf(shown);
    output.print('The room is up; stop it with Ctrl-C, or with `opsroom stop`.');
    if (door && shown) printDoor(door, output);
    await aborted(AbortSignal.any([stopping.asked, served.failure]));
    served.failure.throwIfAborted();
    return 0;
  } finally {
    output.note(drainText(served.running(), served.failure.aborted ? 0 : config.drainMs));
    await served.close(stopping.hurry);
    await served.prepared?.close();
  }
}

/** @throws OpsroomError USAGE when the room would be open to other machines without anybody having said so */
function refuseUnasked({ host, openToNetwork = false }: StartOptions): void {
  if (openToNetwork || isLoopback(host)) return;
  throw new OpsroomError('USAGE', {
    what: 'On this address other machines reach the room, and keys travel in clear.',
    where: `--host ${host}`,
    mend: 'Stay on loopback behind a proxy with TLS; or say --open-to-network when you mean it.',
  });
}

async function exhibit({ room }: Session, served: Serving, { output, stopping }: Stage): Promise<FirstRun | undefined> {
  const { prepared: props, url } = served;
  if (props === undefined) return undefined;
  const shown = await showFirstRun(
    room,
    { props, url: reachable(url), leave: AbortSignal.any([stopping.asked, served.failure]) },
    output,
  );
  output.result({ ...runResult(shown.run), bundle: shown.bundle ?? null });
  return shown;
}

/** A run that was left before its end, by Ctrl-C, did not succeed. */
const exitOf = (shown: FirstRun | undefined): number =>
  shown?.bundle === undefined ? 1 : exitCodeOf(shown.run.status);

/** What opens the room in a browser. */
interface Door {
  readonly url: string;
  /** Whether it lets whoever opens it in, once, as the owner that the room has not yet. */
  readonly forOwner: boolean;
}

async function openDoor(room: Room, url: string, output: Output): Promise<Door> {
  if (await hasOwner(room)) return { url, forOwner: false };
  if (output.json) {
    output.note('Nobody owns the room yet: `opsroom owner-link` prints the link by which its owner comes in.');
    return { url, forOwner: false };
  }
  return { url: await makeOwnerLink(room, url), forOwner: true };
}

function printDoor({ url, forOwner }: Door, output: Output): void {
  const limits = forOwner
    ? `\n  It works once, within ${LINK_HOURS} hours, for whoever opens it: keep it to yourself.`
    : '';
  output.print(`Open the room in a browser: ${url}${limits}`);
}

function announce(
  { url, serving, credentialFile }: Serving,
  door: Door | undefined,
  { room }: Session,
  output: Output,
): void {
  output.print(`Opsroom listens on ${url} (health: ${url}/readyz); its data is in ${room.home}`);
  output.print(`Its API is at ${url}/v1; the key of this machine is in ${credentialFile}`);
  if (!isLoopback(serving.host)) {
    output.note(
      'warning: other machines reach this room, and keys travel in clear unless a proxy with TLS stands in front.',
    );
  }
  if (door) printDoor(door, output);
  output.result({ url, open: door?.url ?? null, pid: serving.pid, home: room.home, credential: credentialFile });
}
