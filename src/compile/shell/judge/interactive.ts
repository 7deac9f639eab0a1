import type { Command } from '#compile/shell/facts.js';
import { SHELLS } from '../wrappers.js';
import { finderOf, hasFlag, plainWords, type Shape, valueOf } from './shapes.js';
import { sqlOf } from './sql.js';

interface Rule extends Shape {
  readonly reason: string;
}

const EDITOR = 'opens an editor';
const SCREEN = 'takes over the screen';
const ASKS = 'asks questions';
const PASSWORD = 'asks for a password';

const RULES: readonly Rule[] = [
  {
    programs: ['vi', 'vim', 'nvim', 'nano', 'emacs', 'pico', 'joe', 'ed', 'mcedit', 'micro', 'hx', 'vimdiff'],
    unless: ['-c', '-es', '--batch'],
    reason: EDITOR,
  },
  {
    programs: ['code', 'subl', 'atom', 'gedit', 'notepad', 'idea'],
    unless: ['--install-extension', '--version', '--list-extensions'],
    reason: EDITOR,
  },
  { programs: ['editor', 'sensible-editor', '$EDITOR', '"$EDITOR"', '${EDITOR}'], reason: EDITOR },
  { programs: ['visudo'], unless: ['-c'], reason: EDITOR },
  { programs: ['vipw', 'vigr', 'sudoedit'], reason: EDITOR },
  { programs: ['sudo'], flags: ['-e', '--edit'], reason: EDITOR },
  { programs: ['crontab'], flags: ['-e'], reason: EDITOR },
  { programs: ['ansible-vault'], words: ['edit|create'], reason: EDITOR },
  {
    programs: ['sops'],
    unless: ['-d', '-e', '-r', '-i', '--decrypt', '--encrypt', '--set'],
    without: /^(?:exec-\w+|encrypt|decrypt|--version|updatekeys)$/,
    reason: EDITOR,
  },
  { programs: ['rails', 'bin/rails'], words: ['credentials:edit'], reason: EDITOR },
  { programs: ['gh'], words: ['auth', 'login|refresh'], unless: ['--with-token'], reason: ASKS },
  { programs: ['git'], words: ['rebase'], flags: ['-i', '--interactive'], reason: EDITOR },
  {
    programs: ['git'],
    words: ['add|checkout|reset|stash|restore|commit'],
    flags: ['-p', '--patch', '-i', '--interactive'],
    reason: ASKS,
  },
  {
    programs: ['git'],
    words: ['commit'],
    unless: ['-m', '--message', '-F', '--file', '-C', '--no-edit', '--fixup', '--squash', '--allow-empty-message'],
    reason: EDITOR,
  },
  { programs: ['git'], words: ['mergetool|difftool|citool|gui'], reason: SCREEN },
  {
    programs: ['top', 'htop', 'btop', 'atop', 'iotop', 'nmon', 'glances', 'iftop', 'nethogs', 'ctop', 'powertop'],
    unless: ['-b', '-n', '-bn1', '-bn', '--batch', '-l'],
    reason: SCREEN,
  },
  {
    programs: [
      'k9s',
      'lazygit',
      'lazydocker',
      'tig',
      'mc',
      'ranger',
      'ncdu',
      'tmux',
      'screen',
      'byobu',
      'dive',
      'cfdisk',
      'nmtui',
      'cgdisk',
      'alsamixer',
      'mutt',
      'gitk',
    ],
    without: /^(?:cp|ls|mb|alias|mirror|-d|-dmS|new-session|kill-session|ls|send-keys|version|info)$/,
    reason: SCREEN,
  },
  { programs: ['less', 'more', 'most', 'man', 'info'], reason: 'waits for keys' },
  {
    programs: ['fdisk', 'gdisk'],
    unless: ['-l', '--list', '-s', '-x', '-v', '-V', '--version'],
    reason: 'waits for keys',
  },
  {
    programs: ['raspi-config', 'tzselect', 'dpkg-reconfigure', 'whiptail', 'dialog', 'fzf', 'gum'],
    unless: ['--frontend', '-f', 'nonint'],
    without: /^(?:noninteractive|nonint)$/,
    reason: ASKS,
  },
  { programs: ['mysql_secure_installation', 'rclone-config', 'certtool'], unless: ['--use-default'], reason: ASKS },
  {
    programs: ['rclone'],
    words: ['config'],
    without: /^(?:create|show|dump|file|delete|update|password)$/,
    reason: ASKS,
  },
  { programs: ['gcloud'], words: ['init'], reason: ASKS },
  {
    programs: ['gcloud'],
    words: ['auth', 'login|application-default'],
    unless: ['--cred-file', '--quiet'],
    reason: ASKS,
  },
  {
    programs: ['aws'],
    words: ['configure'],
    without: /^(?:set|get|list|list-profiles|import|export-credentials|add-model)$/,
    reason: ASKS,
  },
  { programs: ['aws'], words: ['sso', 'login'], reason: 'opens a browser' },
  {
    programs: ['az'],
    words: ['login'],
    unless: ['--service-principal', '--identity', '-i'],
    reason: 'opens a browser',
  },
  { programs: ['heroku'], words: ['login|auth:login'], reason: 'opens a browser' },
  {
    programs: ['vercel', 'netlify', 'fly', 'flyctl', 'firebase', 'wrangler', 'supabase', 'railway', 'shopify'],
    words: ['login'],
    unless: ['-t', '--token'],
    reason: 'opens a browser',
  },
  {
    programs: ['fly', 'flyctl', 'doctl'],
    words: ['auth', 'login|init'],
    unless: ['-t', '--access-token'],
    reason: 'opens a browser',
  },
  { programs: ['vault'], words: ['login'], unless: ['-method'], without: /^(?:s\.|hvs\.|\$|"\$|-)/, reason: PASSWORD },
  { programs: ['npm', 'yarn', 'pnpm'], words: ['login|adduser'], reason: PASSWORD },
  {
    programs: ['npm', 'yarn', 'pnpm'],
    words: ['init'],
    unless: ['-y', '--yes'],
    without: /^(?:-|\w+@|vite)/,
    reason: ASKS,
  },
  {
    programs: ['docker', 'podman', 'helm'],
    words: ['login'],
    unless: ['--password-stdin', '-p', '--password', '-u'],
    reason: PASSWORD,
  },
  {
    programs: ['docker', 'podman', 'helm'],
    words: ['login'],
    flags: ['-u', '--username'],
    unless: ['--password-stdin', '-p', '--password'],
    reason: PASSWORD,
  },
  {
    programs: ['docker', 'podman', 'nerdctl'],
    words: ['run|exec|start'],
    flags: ['-it', '-ti'],
    unless: ['-d', '--detach'],
    reason: 'wants a terminal',
  },
  {
    programs: ['docker', 'podman', 'nerdctl'],
    words: ['run|exec'],
    flags: ['-t', '--tty'],
    also: ['-i', '--interactive'],
    unless: ['-d', '--detach'],
    reason: 'wants a terminal',
  },
  { programs: ['docker', 'podman'], words: ['attach'], reason: 'wants a terminal' },
  {
    programs: ['kubectl', 'oc'],
    words: ['run|debug'],
    flags: ['-t', '--tty'],
    also: ['-i', '--stdin'],
    reason: 'wants a terminal',
  },
  {
    // What stands after `--` is judged by itself; without a terminal, kubectl warns and goes on.
    programs: ['kubectl', 'oc'],
    words: ['exec'],
    flags: ['-t', '--tty'],
    also: ['-i', '--stdin'],
    without: /^--$/,
    reason: 'wants a terminal',
  },
  { programs: ['kubectl', 'oc'], words: ['attach'], reason: 'wants a terminal' },
  {
    programs: ['python', 'python3', 'manage.py', 'django-admin'],
    argument: /^(?:createsuperuser|changepassword)$/,
    without: /^--no-?input$/,
    reason: PASSWORD,
  },
  { programs: ['oc'], words: ['rsh|login'], unless: ['--token', '-p'], reason: 'wants a terminal' },
  {
    programs: ['ssh-keygen'],
    unless: ['-N', '-R', '-F', '-l', '-lf', '-y', '-A', '-H', '-E', '-e', '-i', '-s', '-L', '-yf'],
    reason: ASKS,
  },
  { programs: ['ssh-copy-id'], reason: PASSWORD },
  { programs: ['passwd'], unless: ['--stdin', '-l', '-u', '-d', '-S', '-e'], reason: PASSWORD },
  { programs: ['smbpasswd'], unless: ['-s'], reason: PASSWORD },
  { programs: ['htpasswd'], unless: ['-b', '-i'], reason: PASSWORD },
  {
    programs: ['chsh', 'chfn', 'kinit', 'su', 'login', 'adduser'],
    unless: ['-c', '--command', '-s', '-k', '--disabled-password', '--system', '-D', '-S'],
    reason: PASSWORD,
  },
  {
    programs: ['gpg', 'gpg2'],
    argument: /^--(?:full-)?gen(?:erate)?-key$|^--full-generate-key$|^--edit-key$/,
    unless: ['--batch'],
    reason: ASKS,
  },
  {
    programs: ['openssl'],
    words: ['req'],
    flags: ['-new', '-x509'],
    unless: ['-subj', '-config', '-batch'],
    reason: ASKS,
  },
  { programs: ['certbot'], words: ['certonly'], unless: ['-n', '--non-interactive', '--noninteractive'], reason: ASKS },
  {
    programs: ['certbot'],
    flags: ['--nginx', '--apache', '--manual'],
    unless: ['-n', '--non-interactive', '--noninteractive'],
    reason: ASKS,
  },
  { programs: ['select'], reason: ASKS },
  { programs: ['rails'], words: ['console|c|dbconsole|db'], reason: 'waits for keys' },
  {
    programs: ['heroku'],
    words: ['run|ps:exec|pg:psql|redis:cli'],
    argument: /^(?:bash|sh|ps:exec|pg:psql|redis:cli|rails|console)$/,
    reason: 'wants a terminal',
  },
  { programs: ['fly', 'flyctl'], words: ['ssh', 'console'], unless: ['-C', '--command'], reason: 'wants a terminal' },
  { programs: ['vagrant'], words: ['ssh'], unless: ['-c', '--command'], reason: 'wants a terminal' },
  { programs: ['gcloud'], words: ['compute', 'ssh'], unless: ['--command'], reason: 'wants a terminal' },
  { programs: ['aws'], words: ['ssm', 'start-session'], reason: 'wants a terminal' },
  { programs: ['php'], words: ['artisan', 'tinker'], reason: 'waits for keys' },
  { programs: ['telnet', 'ftp', 'sftp', 'minicom'], unless: ['-b'], reason: 'waits for keys' },
];

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
    !hasFlag(args, '--scan') &&
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
