import { isShell, type Subject } from './rule.js';
import { saysElsewhere } from './rules-intro.js';
import { terminalNeed } from './work.js';

/** Why a person does what a block shows, as the beginning of a sentence; undefined when a machine can do it. */
export function personNeed(subject: Subject): string | undefined {
  return isShell(subject.kind) ? (terminalOf(subject) ?? handOf(subject)) : undefined;
}

/** It is answered at a terminal: told by its programs, or by the output that the document shows. */
export function terminalOf({ facts, shown }: Subject): string | undefined {
  const need = terminalNeed(facts);
  if (need !== undefined) return need;
  return asksForKeys(shown ?? '') ? 'what it shows asks for keys' : undefined;
}

/** Its author left a part of it to people: work between its commands, or a machine to go to first. */
export function handOf({ script, intro }: Subject): string | undefined {
  if (leavesWork(script)) return 'a comment in it asks for work by hand';
  return saysElsewhere(intro) ? 'it is typed on another machine' : undefined;
}

function asksForKeys(shown: string): boolean {
  return /\b(?:arrow keys|press (?:any key|enter|return|\[?[a-z]\]?\b)|\(y(?:es)?\/n(?:o)?\)|\[y\/n\])/i.test(shown);
}

const WORK =
  /^\s*#+\s*(?:\d+[.)]\s*)?(?:now |then |next,? |please )?(?:(?:manually |hand-)?(?:edit|modify|adjust|fill in)\b|manually\b|bearbeiten?\b|éditez\b|modifiez\b|edita\b)/i;
const HOLDS_NO_COMMAND = /^\s*(?:#.*|[A-Za-z_]\w*=\S*\s*)?$/;

/** `# Edit .env` above nothing, another comment, or what the file shall say: no command does it. */
function leavesWork(script: string): boolean {
  const lines = script.split('\n');
  return lines.some((line, i) => WORK.test(line) && HOLDS_NO_COMMAND.test(lines[i + 1] ?? ''));
}
