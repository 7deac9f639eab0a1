import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { load } from './product.mjs';

/**
 * The embedded PostgreSQL, started by the product's own launcher (fsync on), in a data directory of its own.
 *
 * @returns {Promise<{ version: string, fresh(name: string): Promise<string>, keep(name: string): Promise<{ url: string, made: boolean }>, close(): Promise<void> }>}
 */
export async function startServer() {
  const [{ openEmbedded }, { removeCluster }] = await Promise.all(['db/embedded.js', 'db/place.js'].map(load));
  const home = await mkdtemp(join(tmpdir(), 'opsroom-bench-'));
  const quiet = { debug: () => undefined, warn: () => undefined, error: console.error };
  const embedded = await openEmbedded(home, quiet);
  const admin = new pg.Client({ connectionString: embedded.superuserUrl });
  await admin.connect();
  const { rows } = await admin.query(
    "select current_setting('server_version') as version, current_setting('fsync') as fsync",
  );
  if (rows[0].fsync !== 'on') throw new Error('fsync is off');
  await useWal(admin);
  const urlOf = (name) => Object.assign(new URL(embedded.url), { pathname: `/${name}` }).href;
  const make = (name) => admin.query(`create database ${name} owner opsroom_engine`);
  return {
    version: rows[0].version,
    fresh: async (name) => {
      await admin.query(`drop database if exists ${name} with (force)`);
      await make(name);
      // What the last measurement left dirty is not charged to the next one.
      await admin.query('checkpoint');
      return urlOf(name);
    },
    keep: async (name) => {
      const found = await admin.query('select 1 from pg_database where datname = $1', [name]);
      if (found.rowCount === 0) await make(name);
      await admin.query('checkpoint');
      return { url: urlOf(name), made: found.rowCount === 0 };
    },
    close: async () => {
      await admin.end();
      await embedded.stop();
      await removeCluster(home);
      await rm(home, { recursive: true, force: true });
    },
  };
}

/**
 * A server that has been in use has WAL files to write into again. A new one makes each first, which holds a commit up for
 * 50 ms here, and whoever is measured first would pay for it.
 */
async function useWal(admin) {
  await admin.query('create table used as select repeat(md5(n::text), 30) from generate_series(1, 300000) n');
  await admin.query('drop table used');
  await admin.query('checkpoint');
}
