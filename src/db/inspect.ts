import { Client } from 'pg';
import { dbError } from './pg-errors.js';

/** What a server says about itself and about the role that asks. */
export interface ServerFacts {
  /** `18.4`. */
  readonly version: string;
  /** 18. */
  readonly major: number;
  readonly role: string;
  readonly superuser: boolean;
}

const PATIENCE_MS = 5000;

/** Connects, asks and leaves. Throws DATABASE_UNREACHABLE, DATABASE_FAILED. */
export async function inspectServer(url: string): Promise<ServerFacts> {
  const client = new Client({
    connectionString: url,
    application_name: 'opsroom doctor',
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
  });
  client.on('error', () => undefined); // whatever is lost here shows in the query's own rejection
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; number: string; role: string; superuser: boolean }>(
      `select current_setting('server_version') as version, current_setting('server_version_num') as number,
         rolname::text as role, rolsuper as superuser from pg_roles where rolname = current_user`,
    );
    const { version = '', number = '0', role = '', superuser = false } = rows[0] ?? {};
    return { version, major: Math.floor(Number(number) / 10_000), role, superuser };
  } catch (error) {
    throw dbError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
