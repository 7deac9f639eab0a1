import type { Config } from '#kit/config.js';
import type { ErrorCode } from '#kit/errors.js';
import { noteMinutes } from '#operations/dashboard/minutes.js';
import { type Entrance, openEntrance } from '#operations/enter.js';
import { EventHub } from '#operations/events/hub.js';
import { sweepIntents } from '#operations/intents/sweep.js';
import { openApiRates } from '#operations/limits/api-rates.js';
import { startMcpWatch } from '#operations/mcp/watch.js';
import { startNotifier } from '#operations/notifications/notifier.js';
import { openPeople } from '#operations/people/people.js';
import { type Readiness, readiness } from '#operations/readiness.js';
import type { Room } from '#operations/room.js';
import { startTriggers } from '#operations/triggers/loop.js';
import { type Posted, receive } from '#operations/webhooks/receive.js';
import type { OpenRoom } from '#operations/wire.js';
import { createApp } from './app.js';
import { type Listening, listen } from './listen.js';
import { claimServing, endServing, publishServing, reachable, type Serving } from './serving.js';
import { findWebFiles, WEB_FOLDER } from './web-files.js';

export interface ServeOptions<T> {
  readonly config: Config;
  /** Called once the data directory is ours, before the worker takes its first run. */
  readonly prepare: () => Promise<T>;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** A room that serves: its worker takes runs, and its endpoints answer. */
export interface Served<T> {
  readonly serving: Serving;
  /** What `prepare` made. */
  readonly prepared: T;
  /** Where it listens: `http://127.0.0.1:4310`. */
  readonly url: string;
  /** Where browsers reach it, behind a proxy as well. */
  readonly browserUrl: string;
  /** Holds the credential of this machine. */
  readonly credentialFile: string;
  /** Runs that it executes at this moment. */
  running(): number;
  /** Aborts when its worker cannot go on; see `Worker.failure`. */
  readonly failure: AbortSignal;
  /** Stops: takes no new runs, waits up to `drainMs` or until `hurry` aborts, then ends the rest as interrupted. */
  close(hurry: AbortSignal): Promise<void>;
}

/** Requests are short: a second is enough for those under way. */
const CLOSE_GRACE_MS = 1000;
const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/i;

/** Whether an address to listen on is reached from this machine only. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/**
 * Makes this process the server of the room. What was begun is taken back when a later part fails.
 * @throws OpsroomError DATA_DIR_IN_USE when another process serves it, PORT_IN_USE
 */
export async function serve<T>(open: OpenRoom, options: ServeOptions<T>): Promise<Served<T>> {
  const { home, ports } = open.room;
  const claim = await claimServing(home, options.host, ports.clock.now());
  try {
    return await serveClaimed(open, claim, options);
  } catch (error) {
    await endServing(home);
    throw error;
  }
}

async function serveClaimed<T>(open: OpenRoom, claim: Serving, options: ServeOptions<T>): Promise<Served<T>> {
  const { config, host, port } = options;
  let stopping = false;
  const { publicUrl } = config.signIn;
  let browserUrl = publicUrl ?? '';
  const room: Room = { ...open.room, url: () => browserUrl };
  const ready = () => (stopping ? Promise.resolve(STOPPING) : readiness(room, config.leaseMs));
  // Policies that cannot be used refuse everything: better not to start. It also makes the engine ready for the first decision.
  await room.policies.reload();
  const doors = await openDoors(room, config);
  const { entrance, hub } = doors;
  const { version, log } = room;
  const app = createApp({ ...doors.parts, version, log, ready, loopback: isLoopback(host) });
  const listening = await listen(app, { host, port });
  browserUrl = publicUrl ?? reachable(listening.url);
  const { prepared, worker } = await closingOnFailure(listening, async () => {
    return { prepared: await options.prepare(), worker: await open.startWorker('all') };
  });
  const serving = { ...claim, port: listening.port };
  await publishServing(room.home, serving);
  const minutes = noteMinutes(room, ready);
  const notifier = startNotifier(room);
  const triggers = startTriggers(room);
  const intents = sweepIntents(room);
  const mcp = startMcpWatch(room);
  return {
    serving,
    prepared,
    url: listening.url,
    browserUrl,
    credentialFile: entrance.file,
    running: () => worker.running,
    failure: worker.failure,
    close: async (hurry) => {
      stopping = true;
      await triggers.close(); // first: what it starts now would only be interrupted
      await intents.close();
      await mcp.close();
      await worker.drain(worker.failure.aborted ? 0 : config.drainMs, hurry);
      await hub.close(); // not before: whoever watches sees the runs drain
      await listening.close(CLOSE_GRACE_MS);
      await entrance.close();
      await doors.rates.close();
      await notifier.close();
      await minutes.close();
      await endServing(room.home);
    },
  };
}

/** By what requests come in, and what they find there. */
async function openDoors(room: Room, { signIn }: Config) {
  const people = openPeople(room, signIn, room.url);
  const entrance = await openEntrance(room, people);
  const hub = new EventHub(room);
  const rates = openApiRates(room.database, room.ports.clock);
  const enter: Entrance['enter'] = (presented) => entrance.enter(presented);
  const refused = (code: ErrorCode, address: string) => room.calls.stranger(room.org, address, code);
  const web = await findWebFiles(WEB_FOLDER);
  return {
    entrance,
    hub,
    rates,
    parts: {
      hub,
      people,
      enter,
      rates,
      receive: (posted: Posted) => receive(room, posted),
      refused,
      web,
      publicUrl: signIn.publicUrl,
    },
  };
}

const STOPPING: Readiness = {
  ready: false,
  reason: 'The room is stopping.',
  database: 'ok',
  worker: 'unknown',
  policies: 'unknown',
};

async function closingOnFailure<T>(listening: Listening, begin: () => Promise<T>): Promise<T> {
  try {
    return await begin();
  } catch (error) {
    await listening.close(0);
    throw error;
  }
}
