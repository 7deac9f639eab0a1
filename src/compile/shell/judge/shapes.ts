import type { Command } from '#compile/shell/facts.js';

/** A pattern of commands, as data. Everything that is given must hold. */
export interface Shape {
  readonly programs: readonly string[];
  /** The first plain words, each an alternation: `['delete|rm']`. */
  readonly words?: readonly string[];
  /** At least one of these options: `-f` also as part of `-rf`, `--force` also as `--force=…`. */
  readonly flags?: readonly string[];
  /** The word behind one of `flags` fits. */
  readonly behind?: RegExp;
  /** Each of these groups has at least one. */
  readonly also?: readonly string[];
  /** None of these. */
  readonly unless?: readonly string[];
  /** Some argument fits. */
  readonly argument?: RegExp;
  /** No argument fits. */
  readonly without?: RegExp;
}

/** A shape, and what people are told of a command that is of it. */
export interface ReasonedShape extends Shape {
  readonly reason: string;
}

/** Options that take the next word, of programs whose first plain words matter. */
const VALUED: Readonly<Record<string, readonly string[]>> = {
  aws: ['--profile', '--region', '--output', '--endpoint-url', '--query'],
  az: ['--subscription', '-g', '--resource-group', '-n', '--name', '-o', '--output', '--query'],
  docker: [
    '-H',
    '--host',
    '-c',
    '--context',
    '-f',
    '--file',
    '-p',
    '--project-name',
    '--profile',
    '--env-file',
    '--project-directory',
  ],
  'docker-compose': ['-f', '--file', '-p', '--project-name', '--profile', '--env-file'],
  flux: ['-n', '--namespace', '--context'],
  gcloud: ['--project', '--zone', '--region', '--account', '--format', '--configuration'],
  gh: ['-R', '--repo'],
  git: ['-C', '-c', '--git-dir', '--work-tree'],
  go: ['-C'],
  helm: ['-n', '--namespace', '--kube-context', '--kubeconfig'],
  journalctl: ['-u', '--unit', '-n', '--lines', '--since', '--until', '-p', '-o'],
  kubectl: [
    '-n',
    '--namespace',
    '--context',
    '--kubeconfig',
    '--cluster',
    '--user',
    '-s',
    '--server',
    '-l',
    '-f',
    '-o',
  ],
  make: ['-C', '-f', '-j'],
  npm: ['--prefix', '-w', '--workspace', '-C'],
  oc: ['-n', '--namespace', '--context', '--kubeconfig', '-l', '-f', '-o'],
  pip: ['-r', '--requirement', '-c', '-i', '--index-url'],
  pip3: ['-r', '--requirement', '-c', '-i', '--index-url'],
  pnpm: ['-C', '--dir', '--filter', '-F'],
  podman: ['-c', '--connection'],
  systemctl: ['-H', '--host', '-M', '-t', '--type', '-n', '--lines'],
  yarn: ['--cwd'],
};

/** Arguments that are neither options nor their known values. */
export function plainWords({ program, args }: Pick<Command, 'program' | 'args'>): readonly string[] {
  const valued = Object.hasOwn(VALUED, program) ? (VALUED[program] ?? []) : [];
  const plain: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (!/^-./.test(word)) plain.push(word);
    else if (valued.includes(word) && !(CONTAINERS.test(program) && hasSubcommand(program, plain))) index += 1;
  }
  return plain;
}

const CONTAINERS = /^(?:docker|docker-compose)$/;

/** Behind the subcommand, letters mean something else: `docker compose -f FILE logs -f`. */
function hasSubcommand(program: string, plain: readonly string[]): boolean {
  return plain.length > (program === 'docker' && plain[0] === 'compose' ? 1 : 0);
}

/** The arguments without the options, and their values, that stand before the subcommand of docker. */
function ownArguments({ program, args }: Pick<Command, 'program' | 'args'>): readonly string[] {
  if (!CONTAINERS.test(program)) return args;
  const valued = VALUED[program] ?? [];
  const plain: string[] = [];
  let index = 0;
  for (; index < args.length && !hasSubcommand(program, plain); index += 1) {
    const word = args[index] ?? '';
    if (!/^-./.test(word)) plain.push(word);
    else if (valued.includes(word)) index += 1;
  }
  return [...plain, ...args.slice(index)];
}

/** True when an option is among the arguments before `--`: `-f` also as part of `-rf`, `--force` also as `--force=…`. */
export function hasFlag(args: readonly string[], flag: string): boolean {
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  if (flag.startsWith('--')) return options.some((word) => word === flag || word.startsWith(`${flag}=`));
  if (flag.length > 2) return options.some((word) => word === flag || word.startsWith(`${flag}=`));
  return options.some((word) => word === flag || (/^-[A-Za-z0-9]{2,6}$/.test(word) && word.includes(flag.charAt(1))));
}

/** The value of an option, as `-p 80`, `-p80`, `--port 80` or `--port=80`. */
export function valueOf(args: readonly string[], ...flags: readonly string[]): string | undefined {
  for (const [index, word] of args.entries()) {
    for (const flag of flags) {
      if (word === flag) return args[index + 1];
      if (word.startsWith(`${flag}=`)) return word.slice(flag.length + 1);
      if (/^-\w$/.test(flag) && word.startsWith(flag) && /^\d+$/.test(word.slice(2))) return word.slice(2);
    }
  }
  return undefined;
}

/** Finds the first of many shapes that a command is of, without trying those of other programs. */
export function finderOf<S extends Shape>(
  shapes: readonly S[],
): (command: Pick<Command, 'program' | 'args'>) => S | undefined {
  const byProgram = new Map<string, Known<S>[]>();
  for (const shape of shapes)
    for (const program of new Set(shape.programs)) {
      const known = byProgram.get(program) ?? [];
      byProgram.set(program, known);
      known.push({ shape, words: shape.words?.map((word) => word.split('|')) });
    }
  return (command) => {
    const known = byProgram.get(command.program);
    if (known === undefined) return undefined;
    const words = plainWords(command);
    return known.find(({ shape, words: wanted }) => startsWith(words, wanted) && hasArguments(command, shape))?.shape;
  };
}

/** A shape with its alternations taken apart. */
interface Known<S> {
  readonly shape: S;
  readonly words: Words;
}

type Words = readonly (readonly string[])[] | undefined;

/** True when a command is of a shape. */
export function fits(command: Pick<Command, 'program' | 'args'>, shape: Shape): boolean {
  const words = shape.words?.map((word) => word.split('|'));
  return (
    shape.programs.includes(command.program) && startsWith(plainWords(command), words) && hasArguments(command, shape)
  );
}

/** All that a shape says of options and arguments. */
function hasArguments(command: Pick<Command, 'program' | 'args'>, shape: Shape): boolean {
  const args = ownArguments(command);
  if (shape.flags && !shape.flags.some((flag) => hasFlag(args, flag))) return false;
  if (shape.behind && !args.some((word, at) => isFlag(word, shape) && shape.behind?.test(args[at + 1] ?? '')))
    return false;
  if (shape.also && !shape.also.some((flag) => hasFlag(args, flag))) return false;
  if (shape.unless?.some((flag) => hasFlag(args, flag))) return false;
  if (shape.argument && !args.some((word) => shape.argument?.test(word))) return false;
  return !(shape.without && args.some((word) => shape.without?.test(word)));
}

function isFlag(word: string, { flags = [] }: Shape): boolean {
  return flags.some((flag) => hasFlag([word], flag));
}

function startsWith(words: readonly string[], wanted: Words = []): boolean {
  return wanted.every((alternatives, index) => {
    const word = words[index];
    return word !== undefined && (alternatives[0] === '*' || alternatives.includes(word));
  });
}
