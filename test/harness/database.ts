import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import { type Database, openDatabase } from '#db/database.js';
import { migrate } from '#db/migrate.js';
import { openTestCluster, type TestCluster } from './cluster.js';

/** A database of one test file's own: migrated, empty, on the cluster that the test run shares. */
export interface TestDatabase {
  readonly database: Database;
  /** As the engine's role: owns the database, is no superuser. */
  readonly url: string;
  /** For what a test must do behind the product's back (ending connections, reading catalogues). */
  readonly superuserUrl: string;
  close(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** false: an empty database, no migration applied. */
  readonly migrated?: boolean;
}

const TEMPLATE = 'opsroom_template';
const TEMPLATE_LOCK = 7_002;

/** Clones the migrated template: some 50 ms, against a second for migrating anew. Close it in `afterAll`. */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const cluster = await openTestCluster(inject('runFolder'));
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asSuperuser(cluster, async (client) => {
    if (options.migrated !== false) await ensureTemplate(cluster, client);
    const template = options.migrated === false ? 'template1' : TEMPLATE;
    await client.query(`create database ${name} owner opsroom_engine template ${template}`);
  });
  const url = cluster.engineUrl(name);
  const database = openDatabase({ url, applicationName: 'test' });
  const close = async () => {
    await database.close();
    await asSuperuser(cluster, (client) => client.query(`drop database if exists ${name} with (force)`));
  };
  return { database, url, superuserUrl: cluster.superuserUrl(name), close };
}

/** Test files run in several processes: one migrates the template, the others wait for it. */
async function ensureTemplate(cluster: TestCluster, client: Client): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  const found = await client.query('select 1 from pg_database where datname = $1 and datistemplate', [TEMPLATE]);
  if (found.rowCount === 0) {
    await client.query(`drop database if exists ${TEMPLATE}`); // left behind by a migration that failed
    await client.query(`create database ${TEMPLATE} owner opsroom_engine`);
    const database = openDatabase({ url: cluster.engineUrl(TEMPLATE), applicationName: 'test template' });
    try {
      await migrate(database);
    } finally {
      await database.close();
    }
    await client.query(`alter database ${TEMPLATE} is_template true`);
  }
  await client.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
}

async function asSuperuser<T>(cluster: TestCluster, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: cluster.superuserUrl('postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
