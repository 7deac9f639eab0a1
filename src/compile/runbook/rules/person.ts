import { isTurned, mustFail, TURNED } from '../blocks/must-fail.js';
import { terminalNeed } from '../blocks/work.js';
import { saysHandFirst } from '../words/intro-told.js';
import { asideNamesMachine, namesMachine, saysElsewhere, saysOtherMachine } from '../words/other-machine.js';
import { phrase } from '../words/phrase.js';
import { restrictedPart } from '../words/restricted.js';
import { isCodeLine, leadingComment, withoutHeredocs } from '../words/text.js';
import { isShell, type Subject } from './rule.js';

/** Why a person does what a block shows, as the beginning of a sentence; undefined when a machine can do it. */
export function personNeed(subject: Subject): string | undefined {
  return isShell(subject.kind) ? (terminalOf(subject) ?? handOf(subject)) : undefined;
}

/** It is answered at a terminal: told by its programs, or by the output that the document shows. */
export function terminalOf({ facts, shown }: Subject): string | undefined {
  const need = terminalNeed(facts);
  if (need !== undefined) return need;
  if (asksForKeys(shown ?? '')) return 'what it shows asks for keys';
  return ASKS_PASSWORD.test(shown ?? '') ? 'what it shows asks for a password' : undefined;
}

const ASKS_PASSWORD =
  /^[ \t]*(?:\[sudo\] |(?:please )?(?:enter|type|re-?type|repeat|re-?enter|new) (?:\w+ ){0,2})?pass(?:word|phrase)\b[^:\n]{0,60}:[ \t]*$/im;

/** Its author left a part of it to people: work between its commands, or a machine to go to first. */
export function handOf({ script, intro, block, adapted, standing }: Subject): string | undefined {
  const commented = script.includes('#') ? handInComments(script) : undefined;
  if (commented !== undefined) return commented;
  if (hasStaying(withoutHeredocs(script))) return 'what it starts is to stay, and a step ends what it started';
  if (saysHandFirst(intro)) return 'the text before it asks for work by hand first';
  if (adapted !== TURNED && !isTurned(script) && mustFail(block))
    return 'the text says that something must fail, and a run cannot tell whether it did';
  const told = [intro, leadingComment(script), ...standing.below];
  const isElsewhere = saysElsewhere(intro) || told.some(saysOtherMachine) || standing.below.some(asideNamesMachine);
  return isElsewhere ? 'it is typed on another machine' : undefined;
}

/** `nohup ./server &`, `disown`: it shall go on when the shell that started it is gone. With `setsid` it does. */
function hasStaying(script: string): boolean {
  if (!/nohup|disown/.test(script)) return false;
  const lines = script.replaceAll('\\\n', ' ').split('\n');
  return lines.some((line) => DISOWNS.test(line) || (NOHUP.test(line) && endsInBackground(line)));
}

const NOHUP = /^[ \t]*(?:sudo )?nohup\s/;
const DISOWNS = /(?:^|[;&])[ \t]*disown\b/;

function endsInBackground(line: string): boolean {
  return /(?<!&)&[ \t]*(?:#.*)?$/.test(line);
}

function handInComments(script: string): string | undefined {
  if (leavesWork(script)) return 'a comment in it asks for work by hand';
  const restricted = restrictedPart(script);
  if (restricted !== undefined) return restricted;
  if (leavesNumber(script)) return 'a numbered step in its comments has no command';
  if (changesTerminal(script)) return 'it is typed into several terminals';
  return changesMachine(script) ? 'it is typed on several machines' : undefined;
}

function asksForKeys(shown: string): boolean {
  return /\b(?:arrow keys|press (?:any key|enter|return|\[?[a-z]\]?\b)|\(y(?:es)?\/n(?:o)?\)|\[y\/n\])/i.test(shown);
}

const WORK = phrase(
  /^\s*#+\s*(?:\d+[.)]\s*)?(?:now |then |next,? |please )?(?:(?:manually |hand-)?(?:edit|modify|adjust|fill in)\b|manually\b|bearbeiten?\b|anpassen\b|éditez\b|modifiez\b|(?:editar?|edite|modificar?|modifica|edytuj|zmień|отредактируй\p{L}*|измените)(?!\p{L})|编辑|編輯|修改|編集|수정)/iu,
);
const HOLDS_NO_COMMAND = /^\s*(?:#.*|[A-Za-z_]\w*=\S*\s*)?$/;

/** Whatever command comes next, it does not do this: it is done at another machine, on a page, or by waiting. */
const BESIDE = phrase(
  /^\s*#+\s*(?:\d+[.)]\s*)?(?:(?:on|at|in) (?:the|your|each|every|another|a) (?:[\w-]+ ){0,2}[\w-]+: |.*(?:(?<!\p{L})(?:à la main|manuellement|manuell|von hand|a mano|manualmente|вручную|ręcznie)(?!\p{L})|手作業)|.*\b(?:by hand|in (?:the|your) (?:[\w-]+ )?(?:ui|gui|console|dashboard|browser|portal|web ?ui|editor))\b)/iu,
);
/** The end of a comment that told of work to do before the command below it. */
const THEN = phrase(/^\s*#.*\S[,;]? (?:and )?(?:then|puis|dann|luego|poi|então|затем)\s?:\s*$/iu);
const WAITS =
  /^\s*#+\s*(?:\d+[.)]\s*)?(?:then |now )?(?:wait|pause)\b(?! for (?:it|them)\W*$)(?=.*\b(?:until|for|minutes?|seconds?|hours?)\b)/i;
const WAITING = /\b(?:wait|sleep|until|while|watch|status|pg_isready|ping|--wait|logs|get|ps|curl|ready|health)\b/i;

/** "手動更新" above a command: that renews, when somebody wants it. Elsewhere the word says that no command does it. */
const BY_HAND = /^\s*#(?!\W*(?:\d+[.)]\s*)?手[动動](?:更新|执行|執行|実行|运行|運行|触发)).*手[动動]/u;

const EDITED = phrase(/\b(?:edit|editar?|edite|edytuj|bearbeiten?|éditez)\b|отредактируй|编辑|編輯|編集/iu);
/** Programs that edit, and those that show what there is to edit. */
const EDITING =
  /\b(?:sed|perl|awk|yq|jq|tee|cat|echo|printf|vim?|nvim|nano|emacs|code|micro|ed|ex|patch|envsubst|crudini|augtool|dasel|git|kubectl|oc|helm|npm|edit\w*|set|config\w*|python3?)\b|\$EDITOR|>/;

/** `# Edit .env` above nothing, another comment, or what the file shall say: no command does it. */
function leavesWork(script: string): boolean {
  const lines = script.split('\n');
  return lines.some((line, i) => {
    const next = lines[i + 1] ?? '';
    if (i > 0 && BY_HAND.test(line)) return true;
    if (WORK.test(line)) return HOLDS_NO_COMMAND.test(next) || (EDITED.test(line) && !EDITING.test(next));
    if (WAITS.test(line)) return !waitsBelow(lines, i);
    return (i > 0 && BESIDE.test(line)) || THEN.test(line);
  });
}

/** Of the commands right below a comment, one waits. */
function waitsBelow(lines: readonly string[], at: number): boolean {
  for (let i = at + 1; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    if (!isCodeLine(line)) return false;
    if (WAITING.test(line)) return true;
  }
  return false;
}

/** `# On the server` below commands that are typed elsewhere. */
function changesMachine(script: string): boolean {
  const lines = script.split('\n');
  const begun = lines.findIndex(isCodeLine);
  return lines.some((line, at) => at > begun && namesMachine(line));
}

const NUMBER = /^\s*#+\s*\d+[.)]\s/;

/** `# 1. Make a new key in the console` right above `# 2. Restart`: the first of them is done elsewhere. */
function leavesNumber(script: string): boolean {
  const lines = withoutHeredocs(script).split('\n');
  const begun = lines.findIndex(isCodeLine);
  const numbers = lines.flatMap((line, at) => (NUMBER.test(line) ? [at] : []));
  // "# Rotation takes:" above all of them: what the block does, told before it.
  if (numbers.every((at) => at < begun) && /^\s*#.*:\s*$/.test(lines[(numbers[0] ?? 0) - 1] ?? '')) return false;
  return numbers.length > 1 && numbers.some((at, i) => !lines.slice(at, numbers[i + 1]).some(isCodeLine));
}

/** `# Terminal 2`, `# in another terminal`. */
function changesTerminal(script: string): boolean {
  return script.split('\n').some((line) => TERMINAL.test(line));
}

const TERMINAL =
  /^\s*#(?:\W*(?:terminal|shell|window|tab) #?[2-9]\b|.*\b(?:another|second|new|separate|different) (?:terminal|shell|window|tab)\b)/i;
