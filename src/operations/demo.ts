import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeCluster } from '#db/place.js';
import { ownerPid } from '#execute/workers/store.js';
import type { Config } from '#kit/config.js';
import type { Logger } from '#observe/log.js';
import { readExample } from './examples.js';
import { invoke } from './invoke.js';
import { stopIdleDatabase } from './maintain.js';
import type { Room } from './room.js';
import { startRun } from './runs/start.js';
import { type OpenRoom, openRoom } from './wire.js';

/** A room of its own in a temporary folder, with an embedded database whatever the configuration says. */
export interface DemoRoom extends OpenRoom {
  /** Leaves nothing behind. Whoever else used the room must have ended. */
  discard(): Promise<void>;
}

/** Opens it. `leaseMs`: how long its workers are believed to live without a heartbeat. */
export async function openDemoRoom(config: Config, leaseMs: number, log: Logger): Promise<DemoRoom> {
  const home = await mkdtemp(join(tmpdir(), 'opsroom-demo-'));
  const discard = async () => {
    await stopIdleDatabase(home, async () => log);
    await removeCluster(home);
    await rm(home, { recursive: true, force: true });
  };
  try {
    const own = { ...config, home, leaseMs, databaseUrl: undefined, directUrl: undefined };
    const open = await openRoom(own, home, log);
    return { ...open, discard: () => open.close().then(discard) };
  } catch (error) {
    await discard();
    throw error;
  }
}

/** Starts `examples/crash.yaml`, whose effects go to the folder `world`. Returns the run's id. */
export async function startCrashRun(room: Room, world: string, seconds: number): Promise<string> {
  const { runId } = await invoke(startRun, { plan: await readExample('crash.yaml'), inputs: { world, seconds } }, room);
  return runId;
}

/** The process that executes a run at this moment. */
export function ownerOf(room: Room, run: string): Promise<number | undefined> {
  return ownerPid(room.database.engine, room.org, run);
}
