import type { Command } from '#compile/shell/facts.js';
import { SHELLS } from '../wrappers.js';
import { ASKS, EDITOR, RULES } from './interactive-rules.js';
import { finderOf, hasFlag, plainWords, valueOf } from './shapes.js';
import { sqlOf } from './sql.js';

const findRule = finderOf(RULES);

/** They read commands from the terminal unless they are given some. */
interface Prompt {
  readonly programs: readonly string[];
  /** With one of these they do a job and end. */
  readonly unless: readonly string[];
  /** How many plain words they may have and still prompt; more are a job. */
  readonly words: number;
}

const PROMPTS: readonly Prompt[] = [
  {
    programs: ['psql'],
    unless: ['-c', '-f', '-l', '--command', '--file', '--list', '--version', '-V', '--help'],
    words: 2,
  },
  {
    programs: ['mysql', 'mariadb', 'cqlsh', 'clickhouse-client', 'sqlcmd'],
    unless: ['-e', '--execute', '--query', '-q', '-Q', '-i', '-f', '--version', '-V', '--help'],
    words: 3,
  },
  { programs: ['mongo', 'mongosh'], unless: ['--eval', '-f', '--file', '--version', '--help'], words: 1 },
  { programs: ['sqlite3', 'duckdb'], unless: ['--version', '-version', '-c'], words: 1 },
  {
    programs: [
      'python',
      'python2',
      'python3',
      'node',
      'ruby',
      'php',
      'ipython',
      'bpython',
      'deno',
      'bun',
      'lua',
      'R',
      'ts-node',
    ],
    unless: [
      '-c',
      '-e',
      '-p',
      '-m',
      '-r',
      '-v',
      '-V',
      '-i',
      '--eval',
      '--print',
      '--version',
      '--help',
      '-h',
      '--check',
      '-l',
    ],
    words: 0,
  },
  { programs: ['irb', 'pry', 'ghci', 'iex', 'jshell', 'scala'], unless: ['--version', '-e', '-v', '--help'], words: 0 },
  { programs: [...SHELLS, 'fish', 'pwsh'], unless: ['-c', '--command', '--version', '-Command'], words: 0 },
];

const REDIS_VALUED = ['-h', '-p', '-a', '-n', '-u', '--user', '--pass', '--cacert', '--cert', '--key'];

/**
 * Why a command needs a person at a terminal; undefined when it does not, as far as is known. Input from a file, a heredoc or
 * a pipe counts as answers.
 */
export function isInteractive(command: Command): string | undefined {
  const { program, args, input } = command;
  if (program === 'read' && input.kind === 'terminal') return ASKS;
  if (program === 'ssh') return opensShell(command) ? 'opens a shell on another machine' : undefined;
  if (program === 'sudo' || program === 'doas') return opensRootShell(args) ? 'opens a shell' : ruleOf(command);
  if (program === 'su' && args.every((word) => word !== '-c'))
    return input.kind === 'terminal' ? 'opens a shell' : undefined;
  if (program === 'chroot' && input.kind === 'terminal' && args.filter((word) => !word.startsWith('-')).length === 1)
    return 'opens a shell';
  const fed = input.kind !== 'terminal';
  if (fed && !/^(?:vim?|nano|top|htop|docker|kubectl|emacs)$/.test(program)) return undefined;
  return ruleOf(command) ?? promptOf(command) ?? loginOf(command) ?? editOf(command);
}

/** `tool login`, `tool auth login`: where no secret is given, it is asked for, or a browser opens. */
function loginOf(command: Command): string | undefined {
  const { program, args } = command;
  if (/^(?:docker|podman|helm|oc|az|vault|gh|nerdctl|skopeo|buildah|crane|oras|)$/.test(program)) return undefined;
  const words = plainWords(command);
  const [verb, object] = words[0] === 'auth' ? words.slice(1) : words;
  const given = args.some((word) => /^-.*(?:token|pass|secret|key|stdin|user|cred)|^-[pu]$/i.test(word));
  return verb === 'login' && object === undefined && !given ? ASKS : undefined;
}

/** Files that they edit without asking anybody. */
const EDITS_ALONE =
  /^(?:kustomize|jq|yq|git|go|crudini|augtool|chattr|ip|npm|pnpm|yarn|gh|glab|argocd|podman|docker|az|gcloud)$/;

/** `tool edit`, `tool config edit`, `tool edit config`: by convention it opens an editor. */
function editOf(command: Command): string | undefined {
  if (EDITS_ALONE.test(command.program)) return undefined;
  const [verb, object, ...more] = plainWords(command);
  if (more.length > 1 || command.args.some((word) => /^--?(?:set|add|remove|value|file|stdin|patch)\b/.test(word)))
    return undefined;
  return verb === 'edit' || (object === 'edit' && more.length <= 1) ? EDITOR : undefined;
}

function ruleOf(command: Command): string | undefined {
  if (command.args.includes('--help') || command.args.includes('--version')) return undefined;
  return findRule(command)?.reason;
}

function promptOf(command: Command): string | undefined {
  const { program, args } = command;
  if (program === 'redis-cli' || program === 'valkey-cli') return isRedisPrompt(args) ? 'waits for keys' : undefined;
  const prompt = PROMPTS.find(({ programs }) => programs.includes(program));
  if (
    prompt === undefined ||
    prompt.unless.some((flag) => hasFlag(args, flag) || args.some((word) => gluedTo(flag, word)))
  ) {
    return undefined;
  }
  if (sqlOf(command) !== undefined) return undefined;
  const plain = program === 'psql' || program === 'mysql' ? withoutValues(args) : plainWords(command);
  return plain.length <= prompt.words ? 'waits for keys' : undefined;
}

/** `-c'select 1'` */
function gluedTo(flag: string, word: string): boolean {
  return /^-[cef]$/.test(flag) && word.startsWith(flag) && word.length > 2;
}

function withoutValues(args: readonly string[]): readonly string[] {
  return args.filter(
    (word, index) =>
      !word.startsWith('-') &&
      !/^-[hUpduPv]$|^--(?:host|port|user|username|dbname|database)$/.test(args[index - 1] ?? ''),
  );
}

function isRedisPrompt(args: readonly string[]): boolean {
  return (
    args.every((word, index) => word.startsWith('-') || REDIS_VALUED.includes(args[index - 1] ?? '')) &&
    !args.some((word) => /^--(?:scan|stat|latency(?:-history|-dist)?|intrinsic-latency|memkeys|hotkeys)$/.test(word)) &&
    !hasFlag(args, '--bigkeys') &&
    !hasFlag(args, '--version') &&
    !hasFlag(args, '--eval')
  );
}

const SSH_VALUED = /^-[iploFJLRDbcemSWEBIQOw]$/;

function opensShell({ args, input }: Command): boolean {
  if (input.kind !== 'terminal' || args.some((word) => /^-[A-Za-z]*[NfTVGQ][A-Za-z]*$/.test(word))) return false;
  const plain = args.filter((word, index) => !word.startsWith('-') && !SSH_VALUED.test(args[index - 1] ?? ''));
  return plain.length <= 1 && valueOf(args, '-O') === undefined;
}

function opensRootShell(args: readonly string[]): boolean {
  return (
    args.length > 0 &&
    args.every((word) => word.startsWith('-') || /^[a-z_][\w-]*$/.test(word)) &&
    args.some((word) => /^(?:-iu?|-su?|--login|--shell)$/.test(word))
  );
}
