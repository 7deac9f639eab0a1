import type { Command } from '#compile/shell/facts.js';
import { inContainer } from './container-run.js';
import { DESTRUCTIVE } from './destructive/rules.js';
import { removesInCode } from './destructive-code.js';
import { destroysByName } from './destructive-names.js';
import { emptiesFile } from './emptying.js';
import { removalFed } from './fed.js';
import { removingWord } from './requests.js';
import { finderOf } from './shapes.js';
import { destructiveSql, runsUnseenSql, sqlOf } from './sql.js';

/** `destroys`: what it removes or overwrites cannot be had back. `remoteCode`: it runs what a server sends. */
export interface Destructive {
  readonly kind: 'destroys' | 'remoteCode';
  /** For people: "removes files without asking". */
  readonly reason: string;
}

const HARMLESS = /^(?:--help|--dry-run(?:=(?:client|server|true))?)$/;
const CLOUD_REMOVAL = /^(?:(?:batch-)?delete|terminate|deregister|purge|destroy|remove|revoke)(?:-|$)/;
const BLOCK_DEVICE = /^(?:of=)?\/dev\/(?:sd|hd|nvme|vd|xvd|mmcblk|disk|rdisk|mapper\/|md\d|loop)/;

const findRule = finderOf(DESTRUCTIVE);

/** Cloud command lines with thousands of subcommands, told by the verb in their words. */
const CLOUDS = ['aws', 'az', 'gcloud'];
const FETCHERS = ['curl', 'wget', 'fetch', 'aria2c', 'http', 'iwr', 'Invoke-WebRequest'];
/** What an address says that they ask of a server counts whatever the method. */
const REQUESTS = ['curl', 'wget', 'http', 'https', 'xh'];
const INTERPRETERS = /^(?:bash|sh|zsh|dash|ksh|ash|python[\d.]*|node|perl|ruby|php|iex|fish|pwsh)$/;

/**
 * Whether a command may destroy something, or runs code that somebody else may change at any time. Undefined when nothing of
 * the kind is known of it. `--help` and `--dry-run` do nothing.
 *
 * @param before what the same script does before it
 */
export function isDestructive(command: Command, before: readonly Command[] = []): Destructive | undefined {
  if (runsRemoteCode(command)) return { kind: 'remoteCode', reason: 'runs whatever the server sends' };
  if (command.writes.some((target) => BLOCK_DEVICE.test(target)))
    return { kind: 'destroys', reason: 'overwrites a device' };
  if (command.writes.includes('/proc/sysrq-trigger'))
    return { kind: 'destroys', reason: 'stops or restarts the machine' };
  if (command.args.some((word) => HARMLESS.test(word))) return undefined;
  const reason = reasonOf(command) ?? (emptiesFile(command, before) ? 'empties a file' : undefined);
  return reason === undefined ? undefined : { kind: 'destroys', reason };
}

function reasonOf(command: Command): string | undefined {
  const { program, args } = command;
  const rule = findRule(command);
  if (rule) return rule.reason;
  if (/^mkfs(?:\.\w+)?$|^mke2fs$|^newfs/.test(program)) return 'makes a new, empty file system';
  if (program === 'tee' && args.some((word) => BLOCK_DEVICE.test(word))) return 'overwrites a device';
  if (program === 'diskutil' && args.some((word) => /^(?:erase|partition)/i.test(word)))
    return 'makes a new, empty file system';
  if (CLOUDS.includes(program) && args.some((word) => CLOUD_REMOVAL.test(word))) return 'removes cloud resources';
  if (endsWhatItIsHanded(command)) return 'ends whatever processes it is handed';
  if (program === 'mv' && args.at(-1) === '/dev/null') return 'removes files';
  const fed = removalFed(command);
  if (fed !== undefined) return `tells a server "${fed.slice(0, 40)}"`;
  const removing = REQUESTS.includes(program) ? removingWord(args) : undefined;
  if (removing !== undefined) return `asks a server to ${removing.toLowerCase()}`;
  const reason = destructiveSql(sqlOf(command) ?? '');
  if (reason !== undefined) return reason;
  const named = destroysByName(command);
  if (named !== undefined) return named;
  if (removesInCode(command)) return 'runs code that removes something';
  const contained = inContainer(command);
  if (contained !== undefined) return reasonOf(contained);
  return runsUnseenSql(command) ? 'runs SQL that is not here, which may drop or replace what is there' : undefined;
}

/** `lsof -t -i :80 | xargs kill`; what `pgrep` finds, or a file holds, is what was meant. */
function endsWhatItIsHanded({ program, args, input }: Command): boolean {
  if (program !== 'kill' || input.kind !== 'pipe' || args.some((word) => /^-(?:0|1|HUP|SIGHUP)$/.test(word)))
    return false;
  return input.from.some((name) => !/^(?:cat|head|tail|pgrep|pidof|xargs)$/.test(name));
}

/** `curl … | sh`, `bash <(curl …)`, `sh -c "$(curl …)"`, `eval "$(curl …)"`. */
function runsRemoteCode({ program, args, input }: Command): boolean {
  const interprets = INTERPRETERS.test(program);
  if (interprets && input.kind === 'pipe' && input.from.some((name) => FETCHERS.includes(name))) {
    return args.every((word) => word.startsWith('-') && word !== '-c') || args.includes('-s') || args.includes('-');
  }
  const takesCode = interprets || program === 'eval' || program === 'source' || program === '.' || program === '';
  return takesCode && args.some((word) => /[$<]\(\s*(?:sudo\s+)?(?:curl|wget)\b|`\s*(?:curl|wget)\b/.test(word));
}
