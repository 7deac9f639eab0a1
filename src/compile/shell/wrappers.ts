/** How the options of a program that starts another one are skipped to find that other one. */
interface Wrapper {
  /** Options that take the next word as their value. `-u` also stands for `-uroot`. */
  readonly valued: readonly string[];
  /** Words after the options that belong to the wrapper: `timeout 10 …`. */
  readonly operands?: number;
  /** With one of these it does something of its own: `command -v git`. */
  readonly unless?: readonly string[];
  readonly elevates?: true;
  readonly limits?: true;
}

/** They run what follows in their own place, so the command is what follows. */
const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  builtin: { valued: [] },
  caffeinate: { valued: ['-t', '-w'] },
  command: { valued: [], unless: ['-v', '-V'] },
  doas: { valued: ['-u', '-C'], unless: ['-s'], elevates: true },
  env: { valued: ['-u', '--unset', '-C', '--chdir'] },
  exec: { valued: ['-a'] },
  ionice: { valued: ['-c', '-n', '-p'] },
  nice: { valued: ['-n', '--adjustment'] },
  nohup: { valued: [] },
  setsid: { valued: [] },
  stdbuf: { valued: ['-i', '-o', '-e'] },
  sudo: {
    valued: [
      '-u',
      '-iu',
      '-su',
      '--user',
      '-g',
      '--group',
      '-h',
      '--host',
      '-p',
      '--prompt',
      '-C',
      '-r',
      '-t',
      '-T',
      '-U',
      '-D',
      '-R',
    ],
    unless: ['-i', '--login', '-s', '--shell', '-e', '--edit', '-l', '--list', '-v', '--validate', '-k', '-K'],
    elevates: true,
  },
  time: { valued: ['-f', '--format', '-o', '--output'] },
  timeout: { valued: ['-s', '--signal', '-k', '--kill-after'], operands: 1, limits: true },
  unbuffer: { valued: [] },
};

/** Distributions that bring a `kubectl` of their own: `k3s kubectl get nodes`. */
const BUNDLES = /^(?:k3s|k0s|microk8s|minikube)$/;

export interface Peeled {
  /** Index of the word that names the program. */
  readonly at: number;
  readonly limited: boolean;
}

/** Takes wrappers off the front of a command's words. A wrapper with nothing after it stays. */
export function peel(words: readonly string[]): Peeled {
  let at = 0;
  let limited = false;
  for (;;) {
    const name = baseName(words[at] ?? '');
    if (BUNDLES.test(name) && words[at + 1] === 'kubectl') return { at: at + 1, limited };
    const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
    if (wrapper === undefined) return { at, limited };
    limited ||= wrapper.limits === true;
    const next = afterOptions(words, at + 1, wrapper);
    const options = words.slice(at + 1, next);
    const stays = next >= words.length || options.some((word) => wrapper.unless?.includes(word));
    if (stays && !interactiveSudo(wrapper, options, next, words)) return { at, limited };
    at = next;
  }
}

/** `sudo -i CMD` and `sudo -s CMD` run CMD. */
function interactiveSudo(
  wrapper: Wrapper,
  options: readonly string[],
  next: number,
  words: readonly string[],
): boolean {
  return wrapper.elevates === true && next < words.length && options.every((word) => !/^-[eltvkK]/.test(word));
}

function afterOptions(words: readonly string[], from: number, wrapper: Wrapper): number {
  let at = from;
  for (let word = words[at]; word !== undefined; word = words[at]) {
    if (word === '--') return at + 1 + (wrapper.operands ?? 0);
    if (wrapper.valued.includes(word)) at += 2;
    else if (/^-./.test(word) || /^[A-Za-z_]\w*=/.test(word)) at += 1;
    else break;
  }
  return at + (wrapper.operands ?? 0);
}

/** Where another program's words begin among the arguments of a command that starts one. */
interface Launcher {
  /** First words: `compose exec` of `docker compose exec`. */
  readonly words: readonly string[];
  readonly valued: readonly string[];
  /** Arguments between the options and the program: the host, the container. */
  readonly operands: number;
  /** Another machine or container: its shell joins the words and reads them again (`ssh`), or not. */
  readonly remote?: 'words' | 'text';
  /** A shell of this machine reads the words again: `watch 'df | grep /'`. */
  readonly reread?: true;
  /** Without this word nothing is started: `kubectl exec POD -- CMD`. */
  readonly after?: string;
}

const CONTAINER = ['-e', '--env', '-u', '--user', '-w', '--workdir', '--env-file', '--index', '--detach-keys'];
const KUBERNETES = ['-n', '--namespace', '-c', '--container', '--context', '-l', '--kubeconfig'];
const SSH = [
  '-i',
  '-p',
  '-l',
  '-o',
  '-F',
  '-J',
  '-L',
  '-R',
  '-D',
  '-b',
  '-c',
  '-e',
  '-m',
  '-S',
  '-W',
  '-E',
  '-B',
  '-I',
  '-Q',
  '-O',
  '-w',
];
const container = (...words: string[]): Launcher => ({ words, valued: CONTAINER, operands: 1, remote: 'words' });
const kubernetes = (...words: string[]): Launcher => ({
  words,
  valued: KUBERNETES,
  operands: 0,
  remote: 'words',
  after: '--',
});
const local = (...words: string[]): Launcher => ({ words, valued: [], operands: 0 });

/** They start a further command; both count. */
const LAUNCHERS: Readonly<Record<string, readonly Launcher[]>> = {
  bunx: [local()],
  bundle: [local('exec')],
  find: ['-exec', '-execdir', '-ok', '-okdir'].map((after) => ({ words: [], valued: [], operands: 0, after })),
  docker: [
    container('exec'),
    container('container', 'exec'),
    container('compose', 'exec'),
    container('compose', 'run'),
  ],
  'docker-compose': [container('exec'), container('run')],
  kubectl: [kubernetes('exec'), kubernetes('run')],
  nerdctl: [container('exec'), container('compose', 'exec')],
  npx: [{ words: [], valued: ['-p', '--package', '-w', '--workspace'], operands: 0 }],
  oc: [kubernetes('exec'), kubernetes('run')],
  pipenv: [local('run')],
  pnpm: [local('exec'), local('dlx')],
  podman: [container('exec'), container('container', 'exec'), container('compose', 'exec')],
  poetry: [local('run')],
  ssh: [{ words: [], valued: SSH, operands: 1, remote: 'text' }],
  uv: [local('run')],
  watch: [{ words: [], valued: ['-n', '--interval'], operands: 0, reread: true }],
  xargs: [
    { words: [], valued: ['-n', '-I', '-L', '-P', '-d', '-a', '-s', '-E', '--max-args', '--max-procs'], operands: 0 },
  ],
  yarn: [local('dlx'), local('exec')],
};

export interface Launched {
  /** Index in the arguments at which the further command's words begin. */
  readonly at: number;
  readonly remote: boolean;
  /** The words are joined and read by a shell once more. */
  readonly reread: boolean;
}

/** The further command that a command's arguments hold, if any. */
export function launchedBy(program: string, args: readonly string[]): Launched | undefined {
  const candidates = Object.hasOwn(LAUNCHERS, program) ? (LAUNCHERS[program] ?? []) : [];
  const globals = program === 'kubectl' || program === 'oc' ? skipOptions(args, 0, KUBERNETES) : 0;
  for (const launcher of candidates) {
    if (!launcher.words.every((word, index) => args[globals + index] === word)) continue;
    const at = launcher.after
      ? args.indexOf(launcher.after) + 1
      : skipOptions(args, skipOptions(args, launcher.words.length, launcher.valued) + launcher.operands, []);
    const found = at > 0 || launcher.after === undefined;
    if (found && at < args.length) {
      return {
        at,
        remote: launcher.remote !== undefined,
        reread: launcher.reread === true || launcher.remote === 'text',
      };
    }
  }
  return undefined;
}

function skipOptions(words: readonly string[], from: number, valued: readonly string[]): number {
  let at = from;
  for (let word = words[at]; word !== undefined && /^-./.test(word); word = words[at]) {
    at += valued.includes(word) ? 2 : 1;
    if (word === '--') break;
  }
  return at;
}

/** Programs whose `-c` is a script, and `eval`, whose arguments are one. */
export const SHELLS: readonly string[] = ['bash', 'sh', 'zsh', 'dash', 'ksh', 'ash'];

/** Index of the argument that is a script of its own: `bash -lc '…'`, `su - app -c '…'`, `eval '…'`. */
export function scriptArgument(program: string, args: readonly string[]): number | undefined {
  if (program === 'eval') return args.length === 1 ? 0 : undefined;
  if (!SHELLS.includes(program) && program !== 'su') return undefined;
  const flag = args.findIndex((word) => /^-[a-z]*c$/.test(word) || word === '--command');
  return flag >= 0 && flag + 1 < args.length ? flag + 1 : undefined;
}

/** `/usr/bin/git` gives `git`. A name that is an expansion stays as it is written. */
export function baseName(word: string): string {
  return /[$`"]/.test(word) ? word : word.slice(word.lastIndexOf('/') + 1);
}
