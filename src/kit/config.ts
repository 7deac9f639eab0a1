import { hostname } from 'node:os';
import { z } from 'zod';
import { OpsroomError } from './errors.js';
import { issueWords } from './form-words.js';
import { SIGN_IN_SETTINGS, type SignInConfig, signInConfig } from './sign-in-config.js';

/** What the environment says, read once at start. Nothing else reads process.env. */
export interface Config {
  /** A PostgreSQL server of one's own; undefined: the embedded one. */
  readonly databaseUrl: string | undefined;
  /** Past any pooler, for LISTEN and session settings; the same as `databaseUrl` unless set. */
  readonly directUrl: string | undefined;
  /** The data directory, when named. */
  readonly home: string | undefined;
  /** The folder of the policies, when named. */
  readonly policies: string | undefined;
  readonly leaseMs: number;
  readonly drainMs: number;
  /** Days for which step logs are kept. */
  readonly logDays: number;
  /** What a step may use; undefined: the usual, 0: no limit. */
  readonly stepLimits: {
    readonly processes: number | undefined;
    readonly memoryMb: number | undefined;
    readonly fileMb: number | undefined;
  };
  /** In which organisation the command line works, by its short name or its id; undefined: in the first one. */
  readonly organisation: string | undefined;
  /** A key of a room, with which `opsroom mcp serve` asks; undefined: the credential of this machine. */
  readonly apiKey: string | undefined;
  /** This machine's name in `runsOn` and in the workers' list. */
  readonly host: string;
  /** How people sign in. */
  readonly signIn: SignInConfig;
  /** The language model that is asked, `openai:gpt-5-mini`, and where, when not at the provider's address. */
  readonly model: string | undefined;
  readonly modelUrl: string | undefined;
  /** What it costs, where that is not the maker's list price: `0.25/2`, US dollars for a million tokens in and out. */
  readonly modelPrice: string | undefined;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Keys of the vault in place of those in the data directory: the current one, then those that it takes the place of. */
  readonly vaultKey: string | undefined;
  /** What `{{ secrets.NAME }}` may read. */
  readonly secrets: ReadonlyMap<string, string>;
  /** What `{{ env.NAME }}` may read. */
  readonly planEnv: ReadonlyMap<string, string>;
  /** What child processes get of our own environment: where programs and temporary files are, language and zone. */
  readonly stepEnv: ReadonlyMap<string, string>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Names that users' environments have already, and that hold a credential: secrets under the same name. */
const SECRET_NAMES = [
  'ANTHROPIC_API_KEY',
  'CLERK_SECRET_KEY',
  'CW_API_KEY',
  'GITHUB_TOKEN',
  'OPENAI_API_KEY',
  'POSTGRES_PASSWORD',
  'REDIS_URL',
  'SENTRY_AUTH_TOKEN',
  'SENTRY_DSN',
  'SUPABASE_SERVICE_ROLE_KEY',
  'VERCEL_TOKEN',
] as const;

/** The same without a credential in them: plans may read them, OPSROOM_PLAN_ENV or not. */
const PUBLIC_NAMES = [
  'CW_EMAIL',
  'GITHUB_REPO',
  'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY',
  'NEXT_PUBLIC_SUPABASE_ANON_KEY',
  'NEXT_PUBLIC_SUPABASE_URL',
  'POSTGRES_DB',
  'POSTGRES_HOST',
  'POSTGRES_USER',
  'VERCEL_ORG_ID',
  'VERCEL_PROJECT_ID',
  'WP_REST_ENDPOINT',
] as const;

const STEP_NAMES = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR'] as const;
const SECRET_PREFIX = 'OPSROOM_SECRET_';
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const databaseUrl = z
  .string()
  .refine((text) => /^postgres(ql)?:$/.test(protocolOf(text)), 'must be a postgres:// URL')
  .optional();
const milliseconds = (min: number, max: number, usual: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number of milliseconds')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(usual);

const limit = z
  .string()
  .regex(/^\d{1,9}$/, 'must be a whole number, 0 for no limit')
  .transform(Number)
  .optional();

const Settings = z.object({
  ...SIGN_IN_SETTINGS,
  DATABASE_URL: databaseUrl,
  POSTGRES_URL: databaseUrl,
  DIRECT_URL: databaseUrl,
  OPSROOM_HOME: z.string().optional(),
  OPSROOM_POLICIES: z.string().optional(),
  OPSROOM_LEASE_MS: milliseconds(500, 600_000, 15_000),
  OPSROOM_DRAIN_MS: milliseconds(0, 3_600_000, 30_000),
  OPSROOM_LOG_DAYS: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a whole number of days')
    .transform(Number)
    .pipe(z.number().min(1).max(36_500))
    .default(90),
  OPSROOM_STEP_PROCESSES: limit,
  OPSROOM_STEP_MEMORY_MB: limit,
  OPSROOM_STEP_FILE_MB: limit,
  OPSROOM_ORG: z.string().max(63).optional(),
  OPSROOM_API_KEY: z.string().max(500).optional(),
  OPSROOM_HOST: z.string().max(253).optional(),
  OPSROOM_MODEL: z.string().max(250).optional(),
  OPSROOM_MODEL_URL: z.string().max(2000).optional(),
  OPSROOM_MODEL_PRICE: z.string().max(30).optional(),
  OPSROOM_VAULT_KEY: z.string().optional(),
  OPSROOM_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  OPSROOM_PLAN_ENV: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((name) => name.trim()))
    .transform((names) => names.filter((name) => name !== ''))
    .pipe(z.array(z.string().regex(NAME, 'must be names separated by commas'))),
});

/** Every name that `loadConfig` looks at, but for OPSROOM_SECRET_*; .env.example lists the same. */
export const KNOWN_NAMES: readonly string[] = [...Object.keys(Settings.shape), ...SECRET_NAMES, ...PUBLIC_NAMES];

/**
 * Reads the environment. An empty value counts as not set. Throws USAGE naming the variable, never its value, which may
 * be a secret.
 */
export function loadConfig(env: Environment = process.env): Config {
  const present = new Map(Object.entries(env).filter((pair): pair is [string, string] => Boolean(pair[1])));
  const settings = parse(present);
  const database = settings.DATABASE_URL ?? settings.POSTGRES_URL;
  return {
    databaseUrl: database,
    directUrl: settings.DIRECT_URL ?? database,
    home: settings.OPSROOM_HOME,
    policies: settings.OPSROOM_POLICIES,
    leaseMs: settings.OPSROOM_LEASE_MS,
    drainMs: settings.OPSROOM_DRAIN_MS,
    logDays: settings.OPSROOM_LOG_DAYS,
    stepLimits: {
      processes: settings.OPSROOM_STEP_PROCESSES,
      memoryMb: settings.OPSROOM_STEP_MEMORY_MB,
      fileMb: settings.OPSROOM_STEP_FILE_MB,
    },
    organisation: settings.OPSROOM_ORG,
    apiKey: settings.OPSROOM_API_KEY,
    host: settings.OPSROOM_HOST ?? hostname(),
    signIn: signInConfig(settings),
    model: settings.OPSROOM_MODEL,
    modelUrl: settings.OPSROOM_MODEL_URL,
    modelPrice: settings.OPSROOM_MODEL_PRICE,
    logLevel: settings.OPSROOM_LOG_LEVEL,
    vaultKey: settings.OPSROOM_VAULT_KEY,
    secrets: readSecrets(present),
    planEnv: pick(present, [...PUBLIC_NAMES, ...settings.OPSROOM_PLAN_ENV]),
    stepEnv: pick(present, STEP_NAMES),
  };
}

function parse(present: ReadonlyMap<string, string>): z.output<typeof Settings> {
  const parsed = Settings.safeParse(Object.fromEntries(present));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = String(issue?.path[0] ?? 'environment');
  const subject = `The environment variable ${where}`;
  throw new OpsroomError('USAGE', {
    what: `${issue ? issueWords(subject, issue) : `${subject} is wrong`}.`,
    mend: `Correct ${where} or remove it; .env.example shows its form.`,
  });
}

/** OPSROOM_SECRET_X is `secrets.X`, and wins over a well-known name. */
function readSecrets(present: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const secrets = new Map(pick(present, SECRET_NAMES));
  for (const [variable, value] of present) {
    if (!variable.startsWith(SECRET_PREFIX)) continue;
    const name = variable.slice(SECRET_PREFIX.length);
    if (!NAME.test(name)) {
      const what = `The environment variable ${variable} names no secret.`;
      throw new OpsroomError('USAGE', { what, mend: `Write ${SECRET_PREFIX}NAME with letters, digits and _.` });
    }
    secrets.set(name, value);
  }
  return secrets;
}

function pick(present: ReadonlyMap<string, string>, names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.flatMap((name) => (present.has(name) ? [[name, present.get(name) ?? '']] : [])));
}

function protocolOf(text: string): string {
  return URL.canParse(text) ? new URL(text).protocol : '';
}

/** A variable that somebody names on the command line; an empty one counts as not set. */
export function variable(name: string, env: Environment = process.env): string | undefined {
  return env[name] || undefined;
}

/** The environment for another process of our own: ours with `changes`. An empty value counts as not set. */
export function childEnvironment(
  changes: Readonly<Record<string, string>>,
  env: Environment = process.env,
): Record<string, string> {
  const present = Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { ...Object.fromEntries(present), ...changes };
}
