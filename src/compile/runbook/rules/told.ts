import type { Command } from '../../shell/facts.js';
import { isKnownProgram } from '../../shell/programs.js';
import { mustFail } from '../blocks/must-fail.js';
import {
  comparesRight,
  filesToWrite,
  saysCompared,
  saysDescribed,
  saysMessage,
  saysOptions,
  saysQuoted,
  saysScript,
} from '../words/intro-told.js';
import { codeLines, leadingComment } from '../words/text.js';
import { listsOpposites, listsRollback, listsTasks } from './listed.js';
import { holdsNamedFile } from './named-file.js';
import { isShell, type RuleGroup, rule, type Subject } from './rule.js';

/** What the text, or the block itself, tells: it is there to be read, not to be done as it stands. */
export const TOLD: RuleGroup = {
  title: 'What is only told',
  rules: [
    rule(
      'says-described',
      'follows "the script then runs", "we ran", "is equivalent to": it does itself, or was done once',
      'leave_out',
      'the text before it tells what is run by something else, or was run once',
      ({ kind, intro }) => isShell(kind) && saysDescribed(intro),
    ),
    rule(
      'says-compared',
      'follows "Before:", "After:", "Wrong:", or shows what is wrong (`# ❌`) above what is right (`# ✅`): it is there to be compared',
      'leave_out',
      'it is there to be compared',
      ({ kind, intro, script }) => isShell(kind) && (saysCompared(intro) || comparesRight(script)),
    ),
    rule(
      'says-options',
      'follows "Common options", "Useful commands": one picks from it',
      'leave_out',
      'the text before it offers it as a choice of commands',
      ({ kind, intro, script }) => isShell(kind) && (saysOptions(intro) || saysOptions(leadingComment(script))),
    ),
    rule(
      'says-quoted',
      'follows "an error like", "fails with", "post in the channel", and has no prompt: it is quoted',
      'leave_out',
      'the text before it says that it is a message',
      ({ kind, intro, facts, block }) =>
        (kind === 'shell' || kind === 'untagged') &&
        !mustFail(block) &&
        (saysQuoted(intro) || (saysMessage(intro) && !facts.commands.some(({ program }) => isKnownProgram(program)))),
    ),
    rule(
      'says-file',
      'follows "Create `backup.sh`:", and does not name that file itself: it is what the file shall hold',
      'leave_out',
      'the text before it asks the reader to write a file, and this is what it holds',
      holdsFile,
    ),
    rule(
      'named-file',
      'is named after a file, by its title, the line above it, its first comment or its heading, and no command names that file',
      'leave_out',
      'it is named after a file: it is what that file holds',
      (subject) => isShell(subject.kind) && holdsNamedFile(subject),
    ),
    rule(
      'says-script',
      'follows "a simple backup script:", has several lines, and nothing asks to run it',
      'leave_out',
      'the text before it calls it a script, and does not ask to run it',
      ({ kind, intro, script }) => isShell(kind) && saysScript(intro) && codeLines(script).length > 2,
    ),
    rule(
      'shows-help',
      'only prints how programs are used: `tool --help`',
      'leave_out',
      'it only prints how a program is used',
      ({ kind, facts }) => isShell(kind) && facts.commands.length > 0 && facts.commands.every(asksForHelp),
    ),
    rule(
      'pattern-of-use',
      'is a command whose words are all to be filled in: `tool put <path> <field>=<value>`',
      'leave_out',
      'nearly all of it is to be filled in: it shows how a command is used',
      isPattern,
    ),
    rule(
      'commands-listed',
      'lists commands that take each other back: `up` and `down`, `start` and `stop`; or says "Rollback" above some of them',
      'leave_out',
      'its commands take each other back: it lists what there is',
      (subject) => isShell(subject.kind) && (listsOpposites(subject) || listsRollback(subject)),
    ),
    rule(
      'tasks-listed',
      'lists in a README the tasks of a project, each with what it does beside it: `make lint  # check the style`',
      'leave_out',
      'it lists tasks, with what each is for',
      ({ kind, script, standing }) => isShell(kind) && standing.readme && listsTasks(script),
    ),
  ],
};

function holdsFile({ kind, intro, script, facts }: Subject): boolean {
  const files = isShell(kind) ? filesToWrite(intro) : [];
  if (files.length === 0 || facts.commands.some(({ writes }) => writes.length > 0)) return false;
  return files.every((file) => !script.includes(file.slice(file.lastIndexOf('/') + 1)));
}

function asksForHelp({ program, args }: Command): boolean {
  if (program === '' || SIZES.test(program)) return false;
  return args.includes('--help') || (args.length === 1 && /^(?:-h|help)$/.test(args[0] ?? ''));
}

/** To them, `-h` means sizes that people can read. */
const SIZES = /^(?:df|du|free|ls|dmesg|swapon)$/;

const GENERIC =
  /^(?:key|keys|value|field|path|mount|name|file|filename|arg|args|argument|type|id|command|option|options|secret|data)$/;

function isPattern({ kind, facts: { commands, placeholders } }: Subject): boolean {
  const generic = placeholders.filter(({ name }) => GENERIC.test(name));
  return isShell(kind) && commands.length === 1 && generic.length >= 3;
}
