import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { verifies } from '../../test/harness/requirements.js';
import { KNOWN_NAMES, loadConfig } from './config.js';
import { OpsroomError } from './errors.js';

const refusal = (env: Record<string, string>): OpsroomError => {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof OpsroomError) return error;
  }
  throw new Error('was not refused');
};

test('an empty environment gives the defaults', () => {
  expect(loadConfig({})).toEqual({
    databaseUrl: undefined,
    directUrl: undefined,
    home: undefined,
    leaseMs: 15_000,
    drainMs: 30_000,
    host: hostname(),
    logDays: 90,
    stepLimits: { processes: undefined, memoryMb: undefined, fileMb: undefined },
    signIn: { publicUrl: undefined, providers: [], allow: [] },
    logLevel: 'info',
    secrets: new Map(),
    planEnv: new Map(),
    stepEnv: new Map(),
  });
});

test(verifies('KEEP-12', 'the names of the seeds work'), () => {
  const config = loadConfig({
    POSTGRES_URL: 'postgres://a@b/c',
    GITHUB_TOKEN: 't',
    GITHUB_REPO: 'o/r',
    CW_EMAIL: 'a@b.c',
    CW_API_KEY: 'k',
    VERCEL_TOKEN: '',
  });
  expect(config.databaseUrl).toBe('postgres://a@b/c');
  expect(config.directUrl).toBe('postgres://a@b/c');
  expect([...config.secrets]).toEqual([
    ['CW_API_KEY', 'k'],
    ['GITHUB_TOKEN', 't'],
  ]);
  expect([...config.planEnv.keys()]).toEqual(['CW_EMAIL', 'GITHUB_REPO']);
});

test('DATABASE_URL wins over POSTGRES_URL, and DIRECT_URL is its own', () => {
  const config = loadConfig({
    DATABASE_URL: 'postgresql://x/1',
    POSTGRES_URL: 'postgres://x/2',
    DIRECT_URL: 'postgres://x/3',
  });
  expect([config.databaseUrl, config.directUrl]).toEqual(['postgresql://x/1', 'postgres://x/3']);
});

test('OPSROOM_SECRET_ adds secrets and wins; plans read only what is allowed', () => {
  const config = loadConfig({
    OPSROOM_SECRET_HOOK: 'h',
    OPSROOM_SECRET_GITHUB_TOKEN: 'mine',
    GITHUB_TOKEN: 'theirs',
    OPSROOM_PLAN_ENV: 'REGION, STAGE,',
    REGION: 'eu',
    OTHER: 'x',
    PATH: '/bin',
  });
  expect(Object.fromEntries(config.secrets)).toEqual({ HOOK: 'h', GITHUB_TOKEN: 'mine' });
  expect(Object.fromEntries(config.planEnv)).toEqual({ REGION: 'eu' });
  expect(Object.fromEntries(config.stepEnv)).toEqual({ PATH: '/bin' });
});

test.each([
  ['DATABASE_URL', 'mysql://root:hunter2@x/y'],
  ['DIRECT_URL', 'hunter2'],
  ['OPSROOM_LEASE_MS', 'hunter2'],
  ['OPSROOM_LEASE_MS', '1'],
  ['OPSROOM_DRAIN_MS', '-5'],
  ['OPSROOM_LOG_LEVEL', 'hunter2'],
  ['OPSROOM_PLAN_ENV', 'A B'],
  ['OPSROOM_SECRET_A-B', 'hunter2'],
])('%s=%s is refused by name, without its value', (name, value) => {
  const error = refusal({ [name]: value });
  expect(error.code).toBe('USAGE');
  expect(error.message).toContain(name);
  expect(error.message).not.toContain('hunter2');
});

test('.env.example lists exactly the names that are known', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const listed = [...text.matchAll(/^#? ?([A-Z][A-Z0-9_]*)=/gm)].map((found) => found[1]);
  expect(new Set(listed.filter((name) => !name?.startsWith('OPSROOM_SECRET_')))).toEqual(new Set(KNOWN_NAMES));
});
