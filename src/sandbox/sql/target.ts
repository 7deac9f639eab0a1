import { OpsroomError } from '#kit/errors.js';
import { safeUrl } from '../urls.js';

export type SqlEngine = 'postgres' | 'mysql';
/** `any`: encrypted, whoever answers (libpq's `require`); `verified`: the certificate must be the host's. */
export type TlsMode = 'off' | 'any' | 'verified';

export interface SqlTarget {
  readonly engine: SqlEngine;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** What the url asks for; undefined when it does not say. */
  readonly tls: TlsMode | undefined;
}

const ENGINES: Readonly<Record<string, SqlEngine>> = {
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
  'mysql:': 'mysql',
  'mariadb:': 'mysql',
};
const SCHEMES = { 'postgres:': 5432, 'postgresql:': 5432, 'mysql:': 3306, 'mariadb:': 3306 };

/** These would send the connection elsewhere, or make the driver read local files. */
const REFUSED_OPTIONS = [
  'host',
  'hostaddr',
  'port',
  'socket',
  'socketpath',
  'user',
  'password',
  'service',
  'sslcert',
  'sslkey',
  'sslrootcert',
];

const TLS: Readonly<Record<string, TlsMode | undefined>> = {
  disable: 'off',
  disabled: 'off',
  false: 'off',
  '0': 'off',
  require: 'any',
  required: 'any',
  'no-verify': 'any',
  true: 'verified',
  '1': 'verified',
  'verify-ca': 'verified',
  verify_ca: 'verified',
  'verify-full': 'verified',
  verify_identity: 'verified',
};

/**
 * Reads a database URL by itself: the drivers' own parsers take `host=` and certificate files from the query, and fill gaps
 * from the room's PG* variables. Throws ARGUMENT_INVALID or ADDRESS_REFUSED; no message holds the URL.
 */
export function sqlTarget(text: string, engine?: SqlEngine): SqlTarget {
  const { url, host, port } = safeUrl(text, { schemes: SCHEMES, userInfo: true });
  const found = ENGINES[url.protocol];
  if (found === undefined || (engine !== undefined && engine !== found))
    throw wrong(`url: its scheme is not that of ${engine}`);
  const options = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value] as const));
  const refused = REFUSED_OPTIONS.find((name) => options.has(name));
  if (refused) throw wrong(`url: the option "${refused}" is not supported`);
  const user = decode(url.username);
  if (user === '') throw wrong('url: it names no user');
  const mode = options.get('sslmode') ?? options.get('ssl-mode') ?? options.get('ssl');
  const database = decode(url.pathname.slice(1)) || user;
  return {
    engine: found,
    host,
    port,
    user,
    password: decode(url.password),
    database,
    tls: mode === undefined ? undefined : TLS[mode.toLowerCase()],
  };
}

/** Unless the url says otherwise, only addresses that the target had to allow are spoken to in the clear. */
export function tlsMode(asked: TlsMode | undefined, isPublic: boolean): TlsMode {
  return asked ?? (isPublic ? 'verified' : 'off');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong('url: user, password or database is not percent-encoded');
  }
}

function wrong(what: string): OpsroomError {
  return new OpsroomError('ARGUMENT_INVALID', {
    what,
    mend: 'Write postgres://USER:PASSWORD@HOST:PORT/DATABASE or mysql://…',
  });
}
