import { userInfo } from 'node:os';
import { packageRoot } from '#db/binaries.js';
import type { Config } from '#kit/config.js';
import { asOpsroomError } from '#kit/errors.js';
import { detectIsolation, type LevelReport } from '#sandbox/isolation.js';
import { findProgram } from '#sandbox/program.js';
import type { Finding } from './finding.js';

const NODE_FLOOR = [20, 19] as const;

/** Node, the embedded database's programs, and the programs that plans lean on. */
export function machineFindings(config: Config): Finding[] {
  const path = config.stepEnv.get('PATH') ?? '';
  return [
    nodeFinding(process.versions.node),
    binariesFinding(config),
    userFinding(config),
    programFinding('git', path, 'Plans that check out sources need it: install git.'),
    programFinding('bash', path, 'Shell steps then run in sh: install bash for pipefail.'),
  ];
}

/** Whether a version of Node is new enough. Pure. */
export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > NODE_FLOOR[0] || (major === NODE_FLOOR[0] && minor >= NODE_FLOOR[1]);
  const mend = ok ? {} : { mend: `Install Node ${NODE_FLOOR.join('.')} or later: https://nodejs.org/` };
  return { id: 'node', title: 'Node', ok, essential: true, found: version, ...mend };
}

function binariesFinding(config: Config): Finding {
  const own = config.databaseUrl !== undefined;
  const finding = { id: 'binaries', title: 'Embedded PostgreSQL', essential: !own };
  try {
    packageRoot();
    if (!isMusl()) return { ...finding, ok: true, found: `programs for ${process.platform}-${process.arch}` };
    const found = 'this Linux has musl in place of glibc, which the programs need';
    return { ...finding, ok: false, found, mend: 'Set DATABASE_URL to a PostgreSQL server of version 15 or later.' };
  } catch (thrown) {
    const { message, mend } = asOpsroomError(thrown);
    return { ...finding, ok: false, found: message, mend };
  }
}

/** PostgreSQL refuses to run under a number that no account has, as some containers give. */
function userFinding(config: Config): Finding {
  const finding = { id: 'user', title: 'User', essential: config.databaseUrl === undefined };
  try {
    return { ...finding, ok: true, found: userInfo().username };
  } catch {
    const mend = 'Give the user id an entry in /etc/passwd, or set DATABASE_URL to a PostgreSQL server of your own.';
    return { ...finding, ok: false, found: `user id ${process.getuid?.()} has no account`, mend };
  }
}

/** Node names the glibc that it runs with; under musl there is none to name. */
function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}

function programFinding(name: string, path: string, mend: string): Finding {
  const found = findProgram(name, { path, cwd: '/' });
  const finding = { id: name, title: name, essential: false };
  return found === undefined
    ? { ...finding, ok: false, found: 'not on the PATH', mend }
    : { ...finding, ok: true, found };
}

/** Each isolation level, with the reason where it is out of reach. */
export async function isolationFindings(): Promise<Finding[]> {
  return (await detectIsolation()).filter(({ level }) => level !== 'none').map(levelFinding);
}

function levelFinding({ level, available, reason }: LevelReport): Finding {
  const finding = { id: `isolation-${level}`, title: `Isolation ${level}`, essential: false };
  if (available) return { ...finding, ok: true, found: 'available' };
  const mend =
    level === 'bubblewrap'
      ? 'Install bubblewrap, and allow user namespaces where a container forbids them.'
      : 'Run Opsroom as root, or use bubblewrap.';
  return { ...finding, ok: false, found: reason ?? 'not available', mend };
}
