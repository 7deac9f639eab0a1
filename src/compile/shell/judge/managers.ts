import type { Command } from '#compile/shell/facts.js';
import { plainWords } from './shapes.js';

/** Programs of one family do the same job; a machine or a project uses one of them. */
export type Family =
  | 'node'
  | 'system'
  | 'python'
  | 'containers'
  | 'download'
  | 'tasks'
  | 'ruby'
  | 'kubernetes'
  | 'infrastructure'
  | 'java'
  | 'rust'
  | 'go';

export interface Manager {
  readonly family: Family;
  /** The member, as people choose it: `npm`; `apt` for `apt-get`, `docker` for `docker-compose`. */
  readonly name: string;
  /** Undefined when the command neither installs nor removes anything. */
  readonly action?: 'install' | 'uninstall';
  /** What it installs or removes, as named there, without versions. Empty for "everything the project needs". */
  readonly packages: readonly string[];
}

const FAMILIES: Readonly<Record<Family, readonly string[]>> = {
  node: ['npm', 'yarn', 'pnpm', 'bun', 'npx', 'bunx', 'deno'],
  system: [
    'apt',
    'apt-get',
    'aptitude',
    'dpkg',
    'dnf',
    'yum',
    'microdnf',
    'rpm',
    'zypper',
    'brew',
    'apk',
    'pacman',
    'yay',
    'paru',
    'emerge',
    'port',
    'snap',
    'flatpak',
    'nix-env',
    'choco',
    'winget',
    'scoop',
    'pkg',
    'xbps-install',
  ],
  python: [
    'pip',
    'pip3',
    'pipx',
    'poetry',
    'uv',
    'uvx',
    'conda',
    'mamba',
    'micromamba',
    'pipenv',
    'pdm',
    'hatch',
    'rye',
  ],
  containers: ['docker', 'docker-compose', 'podman', 'podman-compose', 'nerdctl'],
  download: ['curl', 'wget', 'aria2c'],
  tasks: ['make', 'gmake', 'task', 'just', 'rake', 'mage'],
  ruby: ['gem', 'bundle', 'bundler'],
  kubernetes: ['kubectl', 'oc', 'k9s'],
  infrastructure: ['terraform', 'tofu'],
  java: ['mvn', 'mvnw', 'gradle', 'gradlew'],
  rust: ['cargo'],
  go: ['go'],
};

const SAME: Readonly<Record<string, string>> = {
  'apt-get': 'apt',
  aptitude: 'apt',
  bundler: 'bundle',
  bunx: 'bun',
  'docker-compose': 'docker',
  dpkg: 'apt',
  gmake: 'make',
  gradlew: 'gradle',
  mamba: 'conda',
  microdnf: 'dnf',
  micromamba: 'conda',
  mvnw: 'mvn',
  npx: 'npm',
  pip3: 'pip',
  'podman-compose': 'podman',
  rpm: 'dnf',
  uvx: 'uv',
};

const INSTALLING: Partial<Readonly<Record<Family, readonly string[]>>> = {
  node: ['install', 'i', 'add', 'ci'],
  system: ['install', 'add', 'in', 'reinstall'],
  python: ['install', 'add', 'sync'],
  ruby: ['install', 'add'],
  rust: ['install'],
  go: ['install'],
};

const REMOVING: Partial<Readonly<Record<Family, readonly string[]>>> = {
  node: ['uninstall', 'remove', 'rm', 'un', 'r', 'unlink'],
  system: ['remove', 'uninstall', 'purge', 'autoremove', 'erase', 'del', 'rm', 'autopurge'],
  python: ['uninstall', 'remove'],
  ruby: ['uninstall', 'remove'],
};

const FAMILY_OF = new Map(
  Object.entries(FAMILIES).flatMap(([family, programs]) =>
    programs.map((program) => [program, family as Family] as const),
  ),
);

/** Which family of alternatives a command belongs to, and what it installs or removes; undefined for programs of none. */
export function managerOf(command: Command): Manager | undefined {
  const python = /^python[\d.]*$/.test(command.program) && command.args[0] === '-m' && command.args[1] === 'pip';
  const program = python ? 'pip' : command.program;
  const family = FAMILY_OF.get(program);
  if (family === undefined) return undefined;
  const name = Object.hasOwn(SAME, program) ? (SAME[program] ?? program) : program;
  const args = python ? command.args.slice(2) : command.args;
  const flagged = byFlag(program, args);
  if (flagged)
    return { family, name, action: flagged, packages: packagesOf(args.filter((word) => !word.startsWith('-'))) };
  if (program === 'yarn' && args.length === 0) return { family, name, action: 'install', packages: [] };
  return { family, name, ...byWord(family, plainWords({ program, args })) };
}

/** `pacman -S x`, `dpkg -i x.deb`, `rpm -e x`. */
function byFlag(program: string, args: readonly string[]): Manager['action'] | undefined {
  const [first = ''] = args;
  if (/^(?:pacman|yay|paru)$/.test(program))
    return /^-(?:S(?![si])|U)/.test(first) ? 'install' : first.startsWith('-R') ? 'uninstall' : undefined;
  if (program === 'dpkg' || program === 'rpm')
    return /^(?:-i|-U|--install|-ivh|-Uvh)/.test(first)
      ? 'install'
      : /^(?:-r|-P|-e)/.test(first)
        ? 'uninstall'
        : undefined;
  if (program === 'nix-env')
    return first.startsWith('-i') ? 'install' : first.startsWith('-e') ? 'uninstall' : undefined;
  return undefined;
}

function byWord(family: Family, words: readonly string[]): Pick<Manager, 'action' | 'packages'> {
  const verbs = words[0] === 'global' || words[0] === 'tool' || words[0] === 'pip' ? words.slice(1) : words;
  const [verb] = verbs;
  const action =
    verb === undefined
      ? undefined
      : INSTALLING[family]?.includes(verb)
        ? 'install'
        : REMOVING[family]?.includes(verb)
          ? 'uninstall'
          : undefined;
  if (action === undefined) return { packages: [] };
  return { action, packages: packagesOf(verbs.slice(1)) };
}

/** Without versions and extras: `react@18` and `requests[socks]==2.0` give `react` and `requests`. Paths stay. */
function packagesOf(words: readonly string[]): readonly string[] {
  return words.map((word) =>
    /^[./~]/.test(word) ? word : word.replace(/(?<=.)@.*$|(?:\[[^\]]*\])?(?:[<>=~!]=?.*)$|\[[^\]]*\]$/, ''),
  );
}
