import type { Command } from '../../shell/facts.js';
import { isReadOnly } from '../../shell/judge/reading.js';
import { isLongRunning } from '../../shell/judge/running.js';
import { type Opposites, takesBack } from '../words/opposites.js';
import { phrase } from '../words/phrase.js';
import { roleOf } from '../words/roles.js';
import { codeLines } from '../words/text.js';
import type { Subject } from './rule.js';

/** Blocks that list what there is to be typed, and are not typed from top to bottom. */

/** Without one of these words, nothing is taken back. */
const UNDOING =
  /\b(?:revert|undo|drop|stop|down|kill|disable|uninstall|remove|rm|purge|delete|destroy|un?mount|detach|downgrade|rollback|reset|uncordon)\b/;

/**
 * With nothing done between them, `up` and then `down` leave nothing behind. `down` and then `up` start anew. Services that are
 * looked at in between are listed, too; what is created, looked at, and deleted is a job.
 */
export function listsOpposites({ script, facts: { commands } }: Pick<Subject, 'script' | 'facts'>): boolean {
  const acting = commands.filter((command) => !isReadOnly(command));
  if (listsRestore(script, acting)) return true;
  if (!UNDOING.test(script)) return false;
  const ending = acting.filter((command) => isLongRunning(command) === undefined);
  const adjacent = (list: readonly Command[], kind: Opposites) =>
    list.some((command, i) => takesBack(list[i + 1], command, kind));
  if (hasScriptAndBack(acting)) return true;
  return adjacent(commands, 'all') || [acting, ending].some((list) => adjacent(list, 'services'));
}

/** "# Deploy" and, further down, "# Rollback": nobody does both. */
export function listsRollback({ script, facts, standing: { place, undoes } }: Subject): boolean {
  if (place === 'rollback' || undoes || !script.includes('#')) return false;
  const acting = facts.commands.filter((one) => !one.substituted && one.program !== '' && !isReadOnly(one));
  const [first = script.length, last = 0] = [acting[0]?.start, acting.at(-1)?.start];
  let at = 0;
  return script.split('\n').some((line) => {
    const start = at;
    at += line.length + 1;
    return first < start && start < last && headsRollback(line);
  });
}

function headsRollback(line: string): boolean {
  const [, comment = ''] = /^\s*#+\s*(\S.{2,40})$/.exec(line) ?? [];
  return comment.split(/\s+/).length <= 4 && roleOf(comment) === 'rollback' && !NAMES_THING.test(comment);
}

/** "Revert the flag" is a step like others; "Undo the deployment" heads what takes that back. */
const NAMES_THING = phrase(
  /^\W*(?:revert|undo|roll(?:ing)? ?back|reset|restore)\s(?:the |a |an |its )?(?!(?:the |a |an |its )?(?:deploy|releas|chang|migrat|upgrad|updat|install|steps?|plan|if|when|all|everything|last|to)|\W)\p{L}/iu,
);

/** `npm run db:migrate`, and `npm run db:migrate:revert` further down. */
function hasScriptAndBack(commands: readonly Command[]): boolean {
  const written = new Set(commands.map(({ program, args }) => [program, ...args].join(' ')));
  return [...written].some((one) => BACK.test(one) && written.has(one.replace(BACK, '')));
}

/**
 * "# Make a backup" above `./backup.sh`, "# Restore one" above `./restore.sh backups/2024.gz`, right behind it: who did both would lose what was
 * written since that older one. What restores the copy that was just made, or names none, moves it.
 */
function listsRestore(script: string, acting: readonly Command[]): boolean {
  if (!/backup/i.test(script) || !/restore/i.test(script)) return false;
  return acting.some((command, i) => {
    const later = acting[i + 1];
    if (later === undefined || !/\n[ \t]*#/.test(script.slice(command.start, later.start))) return false;
    const [made, back] = [wordsOf(command), wordsOf(later)];
    const at = back.findIndex((word) => /restore/i.test(word));
    if (at < 0 || back[at]?.replace(/restore/i, 'backup').toLowerCase() !== made[at]?.toLowerCase()) return false;
    const copies = made.slice(at + 1).filter((word) => !word.startsWith('-'));
    const named = back.slice(at + 1).filter((word) => FILE.test(word));
    return named.length > 0 && !named.some((word) => copies.some((copy) => word.endsWith(copy)));
  });
}

const FILE = /\/|\.(?:gz|tgz|xz|zst|zip|tar|sql|dump|bak|rdb|db)$/i;

function wordsOf({ program, args }: Command): readonly string[] {
  return [program, ...args];
}

const BACK = /[:_-](?:revert|rollback|undo|down|drop|reset|destroy|stop)$/;

const TASK =
  /^\s*(?:\$ )?(?:make|task|just|mage|npm run|pnpm(?: run)?|yarn|composer|\.\/[\w./-]+)[ \t]+[^\s#][^#\n]*\s#\s*\S/;
const FEWEST = 3;

/** Of three and more, each with what it is for beside it, nobody does all. */
export function listsTasks(script: string): boolean {
  if (!script.includes(' #')) return false;
  const lines = codeLines(script);
  return lines.length >= FEWEST && lines.every((line) => TASK.test(line));
}
