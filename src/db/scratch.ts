import { randomBytes } from 'node:crypto';
import { escapeIdentifier, type Pool, type PoolClient } from 'pg';
import type { Database } from './database.js';

/** A schema and a role of its own, for a plan that shows SQL without seeing the room's tables. */
export interface Scratch {
  readonly url: string;
  /** Removes the schema, what is in it, and the role. */
  drop(): Promise<void>;
}

const PREFIX = 'opsroom_scratch_';
const LIFE_HOURS = 1;

/**
 * Makes a scratch schema in the embedded database at `url`, whose engine role may create roles. Those that a killed
 * process left behind are removed first. `setup` runs as the new role, in its schema.
 */
export async function makeScratch(database: Database, url: string, setup: string, now: Date): Promise<Scratch> {
  const name = `${PREFIX}${randomBytes(6).toString('hex')}`;
  const password = randomBytes(24).toString('hex');
  const role = escapeIdentifier(name);
  const until = new Date(now.getTime() + LIFE_HOURS * 3_600_000).toISOString();
  await database.engineTx(async (tx) => {
    await dropAll(tx);
    // Name, password and time are of our own making: no character in them needs quoting.
    await tx.query(
      `create role ${role} login nosuperuser password '${password}' valid until '${until}' connection limit 5`,
    );
    await tx.query(`grant ${role} to current_user with inherit true, set true`);
    await grantConnect(tx, role);
    await tx.query(`create schema authorization ${role}`);
    await tx.query(`set local role ${role}; set local search_path to ${role}; ${setup}; reset role`);
  });
  const scratch = new URL(url);
  scratch.username = name;
  scratch.password = password;
  return { url: scratch.href, drop: () => drop(database.engine, name) };
}

async function grantConnect(tx: PoolClient, role: string): Promise<void> {
  const { rows } = await tx.query<{ name: string }>('select current_database()::text as name');
  await tx.query(`grant connect on database ${escapeIdentifier(rows[0]?.name ?? '')} to ${role}`);
}

async function dropAll(tx: PoolClient): Promise<void> {
  const { rows } = await tx.query<{ name: string }>(
    `select rolname::text as name from pg_roles where rolname like $1 and pg_has_role(rolname, 'usage')`,
    [`${PREFIX.replaceAll('_', '\\_')}%`],
  );
  for (const { name } of rows) await drop(tx, name);
}

async function drop(sql: Pick<Pool, 'query'>, name: string): Promise<void> {
  const role = escapeIdentifier(name);
  await sql.query(`drop owned by ${role} cascade; drop role ${role}`);
}
