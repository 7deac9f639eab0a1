import type { Command, ShellFacts } from '../../shell/facts.js';
import { isActing } from '../../shell/judge/acting.js';
import { isDestructive } from '../../shell/judge/destructive.js';
import { isReadOnly } from '../../shell/judge/reading.js';
import { plainWords } from '../../shell/judge/shapes.js';
import { plainPath } from './copies.js';
import { changesOf } from './work.js';

/** What is done before a change so that it can be made, and which changes a rollback can be told to take back. */

const SERVICES =
  /^(?:systemctl|service|supervisorctl|pm2|docker|docker-compose|podman|kubectl|oc|rc-service|launchctl|brew|nginx|apachectl|apache2ctl|caddy|monit|sv)$/;
/** What starts and stops; a reload does neither. */
const SWITCHES =
  /^(?:start|stop|restart|pause|unpause|resume|suspend|scale|up|down|kill|enable|disable|mask|unmask|drain|cordon|uncordon)$/;
const RELOADS = /^(?:reload|daemon-reload|-s)$/;
/** What starts may bring another version up, and some stop by taking away: that prepares nothing. */
const STOPS = /^(?:stop|pause|suspend|scale|disable|mask|drain|cordon|down)$/;
const TAKES_AWAY = /^(?:-v|--volumes|--rmi)$/;

const firstWords = (command: Command): readonly string[] => plainWords(command).slice(0, 3);
const switches = (command: Command): boolean =>
  SERVICES.test(command.program) && firstWords(command).some((word) => SWITCHES.test(word));
const reloads = (command: Command): boolean =>
  SERVICES.test(command.program) && command.args.some((word) => RELOADS.test(word));

const DUMPS = /^(?:pg_dump|pg_dumpall|mysqldump|mariadb-dump|mongodump|iptables-save|slapcat)$/;
/** `restic backup`, `etcdctl snapshot save`, `aws rds create-db-snapshot`. */
const SAVES =
  /^(?:restic backup|kopia snapshot create|borg create|pgbackrest backup|velero backup create|etcdctl snapshot save|redis-cli (?:save|bgsave)|zfs snapshot|aws \w+ create-(?:db-)?(?:cluster-)?(?:snapshot|backup)|gcloud sql backups create)(?: |$)/i;
/** A script or a task that is named so, and for nothing else. */
const BACKUP_SCRIPT = /^(?:[\w-]*[-_:])?(?:back-?up|dump|snapshot)(?:[-_:][\w-]*)?(?:\.\w{1,4})?$/i;
const OTHERWISE = /restor|delet|remov|prun|clean|rotat|rollback|undo/i;
const BACKUP_FILE =
  /(?:^|[-_./~])(?:bak|backups?|orig|old|save|saved|snapshots?|before|prev|previous)(?:$|[-_./\d"'}])/i;
const COPIES = /^(?:cp|rsync)$/;
const REMOVES = /^(?:rm|rmdir|unlink)$/;
const LOG = /\.log"?$|(?:^|\/)log"?$/;

/** Whether a step only makes ready what a later one changes, and none of that is what the rollback takes back. */
export function prepares(step: ShellFacts, undo: ShellFacts): boolean {
  const back = changesOf(undo);
  const restores = back.some((command) => !REMOVES.test(command.program) && !switches(command) && !reloads(command));
  const changes = changesOf(step);
  return changes.every((command) => {
    if (switches(command)) return stops(command);
    if (makesBackup(command, undo)) return restores;
    if (/^(?:mkdir|touch)$/.test(command.program)) return !back.some((one) => removesWhatIsMade(one, command));
    return isNote(command) || fetches(command);
  });
}

/** `rm -f flag` removes no other folder that was made; of a variable, a pattern or the whole folder that is not known. */
function removesWhatIsMade({ program, args }: Command, { args: made }: Command): boolean {
  if (!REMOVES.test(program)) return false;
  const files = made.filter((word) => !word.startsWith('-')).map(plainPath);
  return args
    .filter((word) => !word.startsWith('-'))
    .map(plainPath)
    .some((one) => /[$*?[]/.test(one) || files.some((file) => /[$*?[]/.test(file) || overlaps(one, file)));
}

/** One is the other, or lies within it. */
function overlaps(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`) || one === '.';
}

function stops(command: Command): boolean {
  const verb = firstWords(command).find((word) => SWITCHES.test(word)) ?? '';
  const takesAway = command.args.some((word) => TAKES_AWAY.test(word));
  // Scaled to nothing, it has stopped, and nothing is lost.
  return STOPS.test(verb) && !takesAway && (verb === 'scale' || isDestructive(command, []) === undefined);
}

/** It writes to a log at most, and looks. */
export function isNote(command: Command): boolean {
  const { writes, appends } = command;
  return writes.every((file) => appends.includes(file) && LOG.test(file)) && isReadOnly({ ...command, writes: [] });
}

function fetches(command: Command): boolean {
  const words = firstWords(command);
  if (command.program === 'git') return words[0] === 'fetch';
  if (/^(?:apt|apt-get)$/.test(command.program)) return words[0] === 'update';
  return /^(?:docker|podman)$/.test(command.program) && words[0] === 'pull';
}

function makesBackup(command: Command, undo: ShellFacts): boolean {
  const { program, args, writes } = command;
  const isSaved = (file: string): boolean => BACKUP_FILE.test(file) || isRead(file, undo);
  if (writes.length > 0 && isReadOnly({ ...command, writes: [] })) return writes.every(isSaved);
  if (DUMPS.test(program)) return true;
  if (COPIES.test(program)) return isSaved(args.at(-1) ?? '');
  if (program === 'tar') return /^-{0,2}(?:[a-z]*c|create$)/.test(args[0] ?? '') && !args.includes('--remove-files');
  if (program === 'sqlite3') return args.length === 2 && /^\.(?:backup|dump) /.test(args[1] ?? '');
  const called = [program, ...firstWords(command)].join(' ');
  if (SAVES.test(called)) return true;
  const named = /^(?:make|just|task|npm|yarn|pnpm)$/.test(program) ? (firstWords(command).at(-1) ?? '') : program;
  return BACKUP_SCRIPT.test(named) && !OTHERWISE.test(called);
}

/** A rollback names it, and not as that which it writes: `cp app.conf.1 app.conf`. */
function isRead(file: string, { commands }: ShellFacts): boolean {
  return commands.some(({ program, args, input }) => {
    if (REMOVES.test(program)) return false;
    return args.slice(0, -1).includes(file) || ('file' in input && input.file === file);
  });
}

/** Programs of which it is known what they touch; a script may take back anything. */
const KNOWN =
  /^(?:cp|mv|rm|rmdir|unlink|rsync|ln|tar|unzip|gunzip|psql|pg_restore|mysql|mariadb|mongorestore|sqlite3|redis-cli|etcdctl|restic|borg|zfs|sed|install|dropdb|createdb|mkdir|touch|tee|chmod|chown|git|helm|apt|apt-get|dnf|yum|apk|aws|gcloud|az)$/;
/** What they bring back takes the place of what there is. */
const DATA =
  /^(?:cp|mv|rm|rsync|tar|unzip|gunzip|psql|pg_restore|mysql|mariadb|mongorestore|sqlite3|redis-cli|etcdctl|restic|borg|zfs|dropdb)$/;
/** Nobody writes to it between a backup and the change: to put it back early is to change nothing. */
const SETTINGS = /\.(?:conf|cfg|ini|ya?ml|json|toml|env|service|properties|cnf)(?:$|[.\-_~"'])/i;

/** Whether all that a rollback does is known, and a part of it restores or deletes data, or what was there before. */
export function isKnownToRestore(undo: ShellFacts): boolean {
  const back = changesOf(undo);
  const known = back.every(
    (command) =>
      KNOWN.test(command.program) || SERVICES.test(command.program) || isReadOnly({ ...command, writes: [] }),
  );
  return known && !undo.sources && back.some(restoresData);
}

function restoresData(command: Command): boolean {
  if (RELATIVE.some(({ undoes }) => undoes(called(command))) || isDestructive(command, []) !== undefined) return true;
  return DATA.test(command.program) && !command.args.some((word) => SETTINGS.test(word));
}

/** Whether a part of it deletes, or puts data in the place of what there is. */
export function mayDestroy(undo: ShellFacts): boolean {
  return changesOf(undo).some(restoresData);
}

/** Whether it takes away what there is, whatever it puts there then. */
export function deletes(undo: ShellFacts): boolean {
  return changesOf(undo).some((command) => isDestructive(command, []) !== undefined);
}

/** Whether it starts or stops something. */
export function hasSwitches(facts: ShellFacts): boolean {
  return changesOf(facts).some(switches);
}

/** Takes back the last one, whichever that is: where none was made, the one before. */
interface Relative {
  readonly undoes: (called: string) => boolean;
  readonly does: RegExp;
}

const UNDOES = /undo|down|rollback|revert/;
const RELATIVE: readonly Relative[] = [
  {
    undoes: (said) => /^(?:kubectl|oc) rollout undo(?: |$)/.test(said),
    does: /^(?:kubectl|oc) (?:apply|set|patch|replace|edit|create|run)(?: |$)/,
  },
  { undoes: (said) => /^helm rollback(?: |$)/.test(said), does: /^helm (?:upgrade|install)(?: |$)/ },
  {
    undoes: (said) => /^docker service rollback(?: |$)/.test(said),
    does: /^docker (?:service update|stack deploy)(?: |$)/,
  },
  {
    undoes: (said) => /^git (?:revert|reset)(?: |$)/.test(said),
    does: /^git (?:merge|pull|commit|cherry-pick|rebase|am|reset|checkout)(?: |$)/,
  },
  { undoes: (said) => /migrat|alembic|flyway|db:/.test(said) && UNDOES.test(said), does: /migrat|alembic upgrade/ },
];
/** `HEAD`, `HEAD~2`, `main@{1}`: what is meant depends on what was done. `git reset --hard HEAD` drops what is not committed yet. */
const BEFORE_LAST = /(?:[~^]\d*|@\{[^}]*\})$|^ORIG_HEAD$/;
const MIGRATES = /migrat|alembic|flyway|goose|dbmate|\bdb:/;
/** A revision is named: "alembic downgrade ae1027a6acf". */
const NAMES_ONE = /\$|\b(?=\w*\d)[\da-z_]{3,}$|\bbase$/i;

/** The one before the last, unless it says which: `--to-revision=3`. */
const UNDOES_ROLLOUT =
  /^(?:(?:kubectl|oc) rollout undo|kubectl argo rollouts undo|kubectl-argo-rollouts undo|docker service rollback)(?: |$)/;
const TO_REVISION = /^--to-revision(?:=(?!0$)|$)/;
const UNDOES_RELEASE =
  /^(?:helm rollback|argocd app rollback|heroku (?:releases:)?rollback|cap (?:\S+ )*deploy:rollback)(?: |$)/;
/** `helm rollback web 3`, where 0 is the one before the last; `heroku rollback v12`. */
const NAMES_RELEASE =
  /^(?:helm|argocd app) rollback \S+ .*(?:\$|\b[1-9]\d*$)|^heroku .* v\d+(?: |$)|^heroku .*\$\{?\w*(?:REL|VER|PREV|REV)|^cap .* ROLLBACK_RELEASE=/i;
/** They are told which release they go to: `eb deploy --version previous`, `nomad job revert web -1`. */
const GOES_TO_RELEASE = /^(?:eb deploy|nomad job revert)(?: |$)/;
const ONE_BEFORE = /^(?:--version=)?["']?(?:-\d+|prev(?:ious)?|last)["']?$/i;
/** `ln -sfn "$(ls -1d releases/* | tail -n 2 | head -n 1)" current`. */
const LISTED_LAST = /(?:\$\(|`)\s*ls\s.*\|\s*(?:head|tail|sed|awk)\s/;

/** Whether it takes back the last commit, migration or release: where a step failed and made none, that is the one of an earlier run. */
export function takesBackLast(undo: ShellFacts): boolean {
  return changesOf(undo).some((command) => {
    const said = called(command);
    if (UNDOES_ROLLOUT.test(said)) return !command.args.some((word) => TO_REVISION.test(word));
    if (UNDOES_RELEASE.test(said)) return !NAMES_RELEASE.test(said);
    if (GOES_TO_RELEASE.test(said)) return command.args.some((word) => ONE_BEFORE.test(word));
    if (command.program === 'docker')
      return said.startsWith('docker service update ') && command.args.includes('--rollback');
    if (command.program === 'ln') return command.args.some((word) => LISTED_LAST.test(word));
    if (command.program !== 'git') return MIGRATES.test(said) && UNDOES.test(said) && !NAMES_ONE.test(said);
    return takesBackCommit(command);
  });
}

/** Of a range, `HEAD~2..HEAD`, where it begins. `git checkout -` goes to what was checked out before. */
function takesBackCommit({ args }: Command): boolean {
  const [verb = '', ...refs] = args.filter((word) => !/^-./.test(word));
  const begins = refs.map((ref) => ref.replace(/\.\..*$/, ''));
  if (verb === 'revert' && begins.includes('HEAD')) return true;
  if (/^(?:checkout|switch)$/.test(verb) && refs[0] === '-') return true;
  return /^(?:revert|reset|checkout)$/.test(verb) && begins.some((ref) => BEFORE_LAST.test(ref));
}

/** A script or a task that may do any of them. */
const MAY_DO = /deploy|releas|roll|upgrad|updat|apply|install|switch|publish|ship|migrat|\bup\b/i;

const called = (command: Command): string => [command.program, ...plainWords(command)].join(' ');

/** What of a rollback takes back the last one of something: whether a step made one, as far as can be told. */
export function lastMade(undo: ShellFacts): ((step: ShellFacts) => 'yes' | 'maybe' | 'no') | undefined {
  const kinds = new Set<Relative | undefined>();
  for (const command of changesOf(undo))
    if (!isNote(command)) kinds.add(RELATIVE.find(({ undoes }) => undoes(called(command))));
  const [kind, ...others] = kinds;
  if (kind === undefined || others.length > 0) return undefined;
  return (step) => {
    const changes = changesOf(step);
    if (changes.some((command) => kind.does.test(called(command)) && !kind.undoes(called(command)))) return 'yes';
    return step.sources || changes.some((command) => !isActing(command) && MAY_DO.test(called(command)))
      ? 'maybe'
      : 'no';
  };
}
