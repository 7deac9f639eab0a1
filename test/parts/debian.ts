import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../harness/parts.js';

const CACHE = join(tmpdir(), 'opsroom-parts');
const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Packages of one Debian suite. */
export interface Packages {
  /** `system`: the suite of this machine. */
  readonly suite: string;
  readonly names: readonly string[];
  /** With what they need and this machine has not installed. */
  readonly needed?: boolean;
}

/**
 * Debian packages unpacked into a folder of our own, once; the system stays as it is.
 * @param without patterns of paths that are left out
 * @returns the folder, or why there is none
 */
export function unpacked(
  name: string,
  packages: readonly Packages[],
  without: readonly string[] = [],
): { folder: string } | { lacking: string } {
  const programs = ['apt-get', 'dpkg-deb', 'tar'].filter((program) => findProgram(program) === undefined);
  if (programs.length > 0)
    return { lacking: `${programs.join(', ')} is not installed: this part comes from Debian packages` };
  const folder = join(CACHE, name);
  const done = join(folder, '.unpacked');
  const wanted = JSON.stringify([packages, without]);
  try {
    if (readFileSync(done, 'utf8') === wanted) return { folder };
  } catch {
    // It was not unpacked yet, or not to the end.
  }
  rmSync(folder, { recursive: true, force: true });
  try {
    for (const one of packages) unpack(folder, one, without);
  } catch (error) {
    const [said] = String((error as { stderr?: unknown }).stderr ?? error).split('\n');
    return { lacking: `its packages cannot be fetched: ${(said ?? '').replaceAll(/https?:\/\/\S+/g, '(address)')}` };
  }
  writeFileSync(done, wanted);
  return { folder };
}

function unpack(folder: string, { suite, names, needed = false }: Packages, without: readonly string[]): void {
  const place = join(CACHE, `apt-${suite}`);
  const config = configured(place, suite, needed);
  const run = (args: readonly string[], cwd = place) =>
    execFileSync('apt-get', args, {
      cwd,
      env: { ...process.env, APT_CONFIG: config, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: 'pipe',
    });
  try {
    run(['update', '-qq']);
    const archives = join(place, 'archives');
    if (needed) run(['install', '--download-only', '-y', '-qq', '--no-install-recommends', ...names]);
    else run(['download', '-qq', ...names], archives);
    mkdirSync(folder, { recursive: true });
    const left = without.map((pattern) => `--exclude=${pattern}`);
    const program = 'deb=$1; shift; dpkg-deb --fsys-tarfile "$deb" | tar -x "$@"';
    for (const file of readdirSync(archives).filter((one) => one.endsWith('.deb')))
      execFileSync('bash', ['-o', 'pipefail', '-c', program, 'bash', join(archives, file), '-C', folder, ...left], {
        stdio: 'pipe',
      });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** A configuration of apt's of its own: lists, state and cache; of the system it only knows what is installed. */
function configured(place: string, suite: string, needed: boolean): string {
  for (const path of ['lists/partial', 'state', 'cache', 'archives/partial'])
    mkdirSync(join(place, path), { recursive: true });
  writeFileSync(join(place, 'state/status'), '');
  writeFileSync(
    join(place, 'sources.list'),
    `deb [signed-by=${KEYS}] ${mirror()} ${suite === 'system' ? ownSuite() : suite} main\n`,
  );
  const settings = {
    'Dir::Etc::sourcelist': join(place, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::State': join(place, 'state'),
    'Dir::State::lists': join(place, 'lists'),
    'Dir::State::status': needed ? '/var/lib/dpkg/status' : join(place, 'state/status'),
    'Dir::Cache': join(place, 'cache'),
    'Dir::Cache::archives': join(place, 'archives'),
    'Debug::NoLocking': 'true',
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
  };
  const file = join(place, 'apt.conf');
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([key, value]) => `${key} "${value}";\n`)
      .join(''),
  );
  return file;
}

const ownSuite = () => /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'stable';

/** Where this machine has its packages from. */
function mirror(): string {
  const parts = '/etc/apt/sources.list.d';
  const files = ['/etc/apt/sources.list', ...readdirSync(parts).map((name) => join(parts, name))];
  const lines = files
    .filter((path) => /\.(?:list|sources)$/.test(path))
    .flatMap((path) => {
      try {
        return readFileSync(path, 'utf8').split('\n');
      } catch {
        return [];
      }
    });
  const found = lines
    .map((line) => /^(?:URIs:|deb(?: \[[^\]]*\])?)\s+(https?:\S+\/debian\/?)(?:\s|$)/.exec(line)?.[1])
    .find((url) => url !== undefined);
  if (found === undefined) throw new Error('this machine names no mirror of Debian');
  return found;
}
