import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, ENGINE_ROLE, ensureCluster, SUPERUSER } from '#db/cluster.js';
import { openHome } from '#db/home.js';
import { placeCluster } from '#db/place.js';
import { ensureServer, HOST, stopServer } from '#db/server.js';

const PREFIX = 'opsroom-test-run-';

/** Connection strings by database name, of the one cluster that a test run shares. */
export interface TestCluster {
  superuserUrl(database: string): string;
  engineUrl(database: string): string;
}

/** The folder of one test run, marked with our process so that a later run can tell when it was abandoned. */
export async function makeRunFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), PREFIX));
  await writeFile(join(folder, 'pid'), String(process.pid));
  return folder;
}

/** Starts or adopts the run's cluster. It stays up, whoever leaves, until `removeRunFolder`. */
export async function openTestCluster(runFolder: string): Promise<TestCluster> {
  const cluster = await clusterOf(runFolder);
  const passwords = await ensureCluster(cluster);
  const { port } = await ensureServer(cluster);
  const url = (role: string, password: string, database: string) =>
    `postgres://${role}:${password}@${HOST}:${port}/${database}`;
  return {
    superuserUrl: (database) => url(SUPERUSER, passwords.superuser, database),
    engineUrl: (database) => url(ENGINE_ROLE, passwords.engine, database),
  };
}

/** Stops the run's PostgreSQL and removes all of its files, also those outside the folder. */
export async function removeRunFolder(runFolder: string): Promise<void> {
  const made = await readdir(join(runFolder, 'home')).catch(() => []);
  if (made.length > 0) await removeCluster(await clusterOf(runFolder));
  await rm(runFolder, { recursive: true, force: true });
}

/** Stops a cluster and removes its files. */
export async function removeCluster(cluster: Cluster): Promise<void> {
  await stopServer(cluster);
  await rm(cluster.folder, { recursive: true, force: true });
}

/** Clears up after test runs that were killed. */
export async function removeAbandonedRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), name);
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8').catch(() => '0'));
    // 0 is a run that is just beginning; another user's run is not ours to remove.
    if (pid > 0 && !lives(pid)) await removeRunFolder(folder).catch(() => undefined);
  }
}

async function clusterOf(runFolder: string): Promise<Cluster> {
  return placeCluster(await openHome(join(runFolder, 'home')));
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
