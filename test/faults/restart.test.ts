import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataOf } from '#db/cluster.js';
import { openDatabase } from '#db/database.js';
import { openHome } from '#db/home.js';
import { migrate } from '#db/migrate.js';
import { placeCluster } from '#db/place.js';
import { findPostmaster } from '#db/postmaster.js';
import { makeRunFolder, openTestCluster, removeRunFolder, type TestCluster } from '../harness/cluster.js';
import type { TestDatabase } from '../harness/database.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';
import { Fleet } from './fleet.js';
import { violations } from './invariants.js';
import { mixedPlan } from './plans.js';
import { Proxy } from './proxy.js';
import { faultSeed, ROUNDS, seeded } from './random.js';

let folder: string;
let data: string;
let proxy: Proxy;
let fleet: Fleet;

/** A server of this file's own, to be killed. It may come back on another port, which the proxy hides. */
beforeAll(async () => {
  folder = await makeRunFolder();
  const cluster = await openTestCluster(folder);
  data = dataOf(await placeCluster(await openHome(join(folder, 'home'))));
  proxy = await Proxy.start(cluster.engineUrl('faults'));
  fleet = await Fleet.open(await ownDatabase(cluster));
}, 120_000);
afterAll(async () => {
  await fleet?.close();
  await proxy?.close();
  await removeRunFolder(folder);
});

async function ownDatabase(cluster: TestCluster): Promise<TestDatabase> {
  const client = new Client({ connectionString: cluster.superuserUrl('postgres') });
  await client.connect();
  await client.query('create database faults owner opsroom_engine');
  await client.end();
  const database = openDatabase({ url: proxy.url, applicationName: 'faults' });
  await migrate(database);
  return { database, url: proxy.url, superuserUrl: cluster.superuserUrl('faults'), close: () => database.close() };
}

async function crashServer(): Promise<void> {
  const postmaster = await findPostmaster(data);
  if (!postmaster) throw new Error('there is no server to kill');
  // Immediate shutdown: no checkpoint, recovery at the next start. SIGKILL would leave its shared memory behind.
  process.kill(postmaster.pid, 'SIGQUIT');
  await eventually(async () => (await findPostmaster(data)) === undefined);
}

test(verifies('RUN-03', 'PostgreSQL is killed and restarted under load: no acknowledged run is lost'), {
  timeout: 60_000 + 60_000 * ROUNDS,
}, async () => {
  const random = seeded(faultSeed());
  await Promise.all([1, 2].map(() => fleet.spawn()));
  const acknowledged: string[] = [];
  const submitSome = async (count: number) => {
    for (let n = 0; n < count; n++)
      await fleet.engine.submit(mixedPlan(random, ['idempotent', 'proving'])).then(
        (run) => acknowledged.push(run),
        () => undefined,
      );
  };
  for (let crash = 0; crash < 3 * ROUNDS; crash++) {
    const load = submitSome(20);
    await new Promise((resolve) => setTimeout(resolve, 200 + random() * 600));
    await crashServer();
    await load;
    proxy.retarget((await openTestCluster(folder)).engineUrl('faults'));
    await eventually(async () => (await fleet.sql.query('select 1').catch(() => undefined)) !== undefined);
    await submitSome(5);
  }
  await fleet.settled(acknowledged, 45_000);
  const { rows } = await fleet.sql.query<{ id: string }>('select id from opsroom.runs');
  const statuses = await fleet.settled(rows.map((r) => r.id));
  expect(acknowledged.length).toBeGreaterThan(15);
  expect(statuses.succeeded ?? 0).toBeGreaterThan(acknowledged.length * 0.3);
  await fleet.drain();
  expect(fleet.crashes.splice(0)).toEqual([]);
  expect(await violations(fleet.sql)).toEqual([]);
});
