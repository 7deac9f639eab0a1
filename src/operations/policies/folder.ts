import { constants } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { loadFolder, problemError } from '#authorise/policy/policies.js';
import type { Policy } from '#authorise/policy/policy.js';
import type { Problem } from '#authorise/policy/problem.js';
import {
  policyFolder,
  readForms,
  readSchema,
  readSource,
  readText,
  SCHEMA_FILE,
  sourceOf,
} from '#authorise/policy/source.js';
import { runPolicyTests, type TestRun } from '#authorise/policy/test-file.js';
import { findHome } from '#db/home.js';
import type { Config } from '#kit/config.js';
import { OpsroomError } from '#kit/errors.js';
import { namedFolder } from './named-folder.js';
import { LOAD_PORTS, SHIPPED_POLICIES } from './room-policies.js';

/** Policies as files, looked at without a room: what a change to them is checked with before it takes effect. */
export interface LookedAt {
  readonly folder: string;
  readonly shipped: boolean;
  readonly digest: string;
  /** Empty where there are problems. */
  readonly policies: readonly Policy[];
  readonly problems: readonly Problem[];
}

/** The folder that a room here would take. */
export async function roomFolder({ home, policies }: Config, cwd: string): Promise<string> {
  const found = resolve(cwd, await findHome(cwd, home));
  const named = policies ? resolve(cwd, policies) : policies;
  return policyFolder({ named: namedFolder(found, named), home: found, shipped: SHIPPED_POLICIES });
}

/** @throws OpsroomError POLICY_INVALID where the folder cannot be read */
export function lookAtFolder(folder: string): LookedAt {
  return lookedAt(folder, readSource(folder, readSchema(SHIPPED_POLICIES)));
}

/**
 * Files as a set of their own, with the forms that lie beside them.
 * @throws OpsroomError POLICY_INVALID where one cannot be read
 */
export function lookAtFiles(paths: readonly string[]): LookedAt {
  const files = paths.map((path) => ({ name: path, text: readText(path) }));
  const folders = [...new Set(paths.map((path) => dirname(resolve(path))))];
  const forms = folders.flatMap(readForms);
  return lookedAt('.', sourceOf('.', [...files, ...forms], readSchema(SHIPPED_POLICIES)));
}

function lookedAt(folder: string, source: Parameters<typeof loadFolder>[0]): LookedAt {
  const { digest, engine, problems } = loadFolder(source, LOAD_PORTS);
  const policies = [...(engine?.set.policies.values() ?? [])];
  return { folder, shipped: folder === SHIPPED_POLICIES, digest, policies, problems };
}

/**
 * Runs the tests that lie beside a set: `tests/*.yaml`.
 * @throws OpsroomError POLICY_INVALID where the set or a test file is wrong; NOT_FOUND where there are no tests
 */
export async function testFolder(folder: string): Promise<TestRun> {
  const { engine, problems } = loadFolder(readSource(folder, readSchema(SHIPPED_POLICIES)), LOAD_PORTS);
  if (!engine) throw problemError(folder, problems);
  const tests = join(folder, 'tests');
  const names = (await readdir(tests).catch(() => [])).filter((name) => /\.ya?ml$/.test(name)).toSorted();
  if (names.length === 0) {
    const mend = 'Write some, as docs/policies.md shows; `opsroom policy init` brings those of the shipped policies.';
    throw new OpsroomError('NOT_FOUND', { what: 'There are no tests.', where: tests, mend });
  }
  return runPolicyTests(
    engine,
    names.map((name) => ({ name: `tests/${name}`, text: readText(join(tests, name)) })),
  );
}

/**
 * Copies the shipped policies, their words and their tests into a folder, to be edited there.
 * @returns the paths of the copies
 * @throws OpsroomError USAGE where the folder holds policies already
 */
export async function initFolder(folder: string): Promise<string[]> {
  const there = await readdir(folder).catch(() => []);
  if (there.some((name) => name.endsWith('.cedar'))) {
    throw new OpsroomError('USAGE', {
      what: 'There are policies already.',
      where: folder,
      mend: 'Edit those, or name another folder: opsroom policy init FOLDER.',
    });
  }
  await mkdir(join(folder, 'tests'), { recursive: true });
  const shipped = await readdir(SHIPPED_POLICIES, { recursive: true });
  const names = shipped.filter((name) => name === SCHEMA_FILE || /\.(cedar|ya?ml|schema\.json)$/.test(name)).toSorted();
  await Promise.all(
    names.map((name) => copyFile(join(SHIPPED_POLICIES, name), join(folder, name), constants.COPYFILE_EXCL)),
  );
  return names.map((name) => join(folder, name));
}

/** Where `init` puts them: beside the data directory. */
export async function projectFolder({ home }: Config, cwd: string): Promise<string> {
  return join(dirname(resolve(cwd, await findHome(cwd, home))), 'policies');
}
