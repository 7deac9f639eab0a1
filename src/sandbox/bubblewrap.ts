import { isInside } from './paths.js';

export interface BubblewrapView {
  readonly network: boolean;
  /** Absolute; the only folders of the machine's users that are seen at all, and writable. */
  readonly writable: readonly string[];
  /** Absolute and existing; covered by an empty folder or file when they lie in a writable one. */
  readonly hidden: readonly { readonly path: string; readonly isFolder: boolean }[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store'];

/** What programs need of /etc to start, to name users and to check certificates: no passwords, no keys, no settings of services. */
const ETC = [
  'alternatives',
  'ca-certificates',
  'crypto-policies',
  'group',
  'hosts',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'locale.alias',
  'localtime',
  'mime.types',
  'nsswitch.conf',
  'os-release',
  'passwd',
  'pki/ca-trust',
  'pki/tls/certs',
  'pki/tls/openssl.cnf',
  'protocols',
  'services',
  'ssl/certs',
  'ssl/openssl.cnf',
  'terminfo',
  'timezone',
];
const ETC_NETWORK = ['gai.conf', 'host.conf', 'resolv.conf'];

const EMPTY = ['/tmp', '/var/tmp', '/run', '/home', '/root'];

/** bubblewrap's options for a step, without the program (`--`, argv). Pure; later options cover earlier ones. */
export function bubblewrapOptions(view: BubblewrapView): string[] {
  const etc = view.network ? [...ETC, ...ETC_NETWORK] : ETC;
  const covered = view.hidden.filter(({ path }) => view.writable.some((folder) => isInside(path, folder)));
  return [
    // The user namespace is a second wall where root may make one; an ordinary user always gets it.
    '--unshare-user-try',
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    '--unshare-cgroup-try',
    ...(view.network ? [] : ['--unshare-net']),
    '--die-with-parent',
    '--new-session',
    '--cap-drop',
    'ALL',
    '--clearenv',
    ...SYSTEM.flatMap((path) => ['--ro-bind-try', path, path]),
    ...etc.flatMap((name) => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`]),
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    ...EMPTY.flatMap((path) => ['--tmpfs', path]),
    ...view.writable.flatMap((path) => ['--bind', path, path]),
    ...covered.flatMap(({ path, isFolder }) => (isFolder ? ['--tmpfs', path] : ['--ro-bind', '/dev/null', path])),
    ...Object.entries(view.env).flatMap(([name, value]) => ['--setenv', name, value]),
    '--chdir',
    view.cwd,
  ];
}
