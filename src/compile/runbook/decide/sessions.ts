import type { Command, ShellFacts } from '../../shell/facts.js';
import { isInteractive } from '../../shell/judge/interactive.js';
import type { Decision } from '../blocks/decision.js';
import type { CodeBlock, Section } from '../markdown/document.js';
import { said } from '../markdown/item-text.js';
import { isWithin } from '../markdown/outline.js';
import { lastSentence } from '../words/intro.js';
import { entering, saysOtherMachine } from '../words/other-machine.js';
import { codeLines, leadingComment } from '../words/text.js';

/**
 * What is typed into a shell that a block before opened (`docker exec -it db bash`, `ssh host`), or that the text has the reader
 * open ("Log in to the standby."), is typed by the person who opened it, until a block leaves it, the section ends, or the text
 * says that one is back. What leaves a shell is never run. Where the text does so before anything is done, all of it is typed
 * there, and this may be that machine.
 */
export function withSessions(decisions: readonly Decision[]): Decision[] {
  const session = new Session();
  return decisions.map((decision) => {
    const { block, facts, rule, label } = decision;
    const enters = toldToEnter(decision);
    if (block.kind === 'item') return session.told(decision, label === 'manual' ? enters : undefined);
    if (facts === undefined || rule.startsWith('marked-')) return session.told(decision, enters);
    return session.typed(session.told(decision, enters), block, facts);
  });
}

/** Which shell of another machine, container or user is open, in the order of the document. */
class Session {
  /** Where what is typed goes into it. */
  #open: Section | undefined;
  /** On another machine, which has containers of its own, and is "the machine" from then on. */
  #away = false;
  /** What had the reader go there, as long as nothing was typed there: a section may be nothing but the way to it. */
  #unused: string | undefined;
  #begun = false;

  /** The text has the reader go there. */
  told(decision: Decision, enters: Enters | undefined): Decision {
    const elsewhere = enters !== undefined && this.#begun && enters.section.level > 1 && enters.isOver !== true;
    if (elsewhere) [this.#open, this.#away, this.#unused] = [enters.section, true, enters.says[0]];
    this.#begun ||= decision.block.kind === 'code' && decision.label !== 'leave_out';
    return enters === undefined || elsewhere ? decision : { ...decision, enters: enters.says };
  }

  typed(decision: Decision, block: CodeBlock, facts: ShellFacts): Decision {
    const open = this.#open;
    const inside = open !== undefined && isWithin(block.section, open) && !this.#isBack(block, facts);
    const leaves = leavesSession(block.text);
    const unused = inside || leaves || open === undefined || this.#isBack(block, facts) ? undefined : this.#unused;
    this.#unused = undefined;
    if (!inside || leaves) this.#open = undefined;
    if (opensSession(facts))
      [this.#open, this.#away, this.#unused] = [block.section, false, codeLines(block.text).at(-1)];
    else if (saysOtherMachine(block.intro)) [this.#open, this.#away] = [block.section, true];
    const leavesOnly = leaves && isLeaving(block.text);
    const typed = (inside && !leavesOnly) || saysInside(block.intro, facts);
    if (leavesOnly || typed) return typedByHand(decision, typed);
    return unused === undefined ? decision : { ...decision, enters: [...(decision.enters ?? []), unused] };
  }

  #isBack(block: CodeBlock, facts: ShellFacts): boolean {
    return this.#away ? BACK.test(lastSentence(block.intro)) : isOutside(block, facts);
  }
}

/** What has the reader go to another machine, and the section that it is about. */
interface Enters {
  readonly section: Section;
  readonly says: readonly string[];
  /** That section has ended without a block, and the reader is there, or back. */
  readonly isOver?: true;
}

/** By the text above the block, the comment on top of it, or what the item says. */
function toldToEnter({ block, facts }: Decision): Enters | undefined {
  const { section } = block;
  if (block.kind === 'item') return entersBy(section, [said(block)]);
  if (facts !== undefined && reachesOut(facts)) return undefined;
  const { told, passed, intro, text } = block;
  const own = entersBy(section, [...told.map((one) => one.text), intro, leadingComment(text)]);
  if (own !== undefined) return own;
  const above = passed.findLast(({ text }) => entering(text).length > 0);
  if (above === undefined) return undefined;
  const enters = entersBy(above.section, [above.text]);
  return isWithin(section, above.section) ? enters : enters && { ...enters, isOver: true };
}

function entersBy(section: Section, texts: readonly string[]): Enters | undefined {
  const says = [...new Set(texts.flatMap(entering))];
  return says.length === 0 ? undefined : { section, says };
}

/** It goes to the other machine itself, from here. */
function reachesOut({ commands }: ShellFacts): boolean {
  return commands.some(({ program }) => REACHES.test(program));
}

const REACHES = /^(?:ssh|sshpass|ssh-copy-id|mosh|ansible|ansible-playbook|plink)$/;

function typedByHand(decision: Decision, typed: boolean): Decision {
  if (decision.label === 'leave_out' || decision.label === 'manual' || decision.undoes === true) return decision;
  const why = typed ? 'it is typed into a shell that was opened before' : 'it leaves a shell that a person opened';
  const { asStep, parts: _, ...rest } = decision;
  const takesBack = decision.label === 'rollback' && asStep !== true;
  return {
    ...rest,
    ...(takesBack ? { undoes: true } : {}),
    label: 'manual',
    rule: 'in-session',
    why: `${why}, so a person does it`,
    background: undefined,
    ask: undefined,
    choice: undefined,
    weak: false,
  };
}

const SHELL = /^(?:\S*\/)?(?:ba|z|da|k|a|fi)?sh$/;
const MACHINES = /^(?:ssh|su|sudo|doas|vagrant|fly|flyctl|gcloud|aws)$/;

/** Its last command gives a person a shell of another machine, container or user. */
function opensSession({ commands }: ShellFacts): boolean {
  const opener = commands.findLast(({ substituted }) => !substituted);
  return opener !== undefined && givesShell(opener);
}

function givesShell(command: Command): boolean {
  const { program, args } = command;
  const need = isInteractive(command);
  if (need === undefined) return false;
  if (SHELL.test(program)) return true;
  if (!/shell|terminal/.test(need)) return false;
  return MACHINES.test(program) || SHELL.test(args.at(-1) ?? '');
}

const LEAVING = /^\s*(?:exit|logout|quit|\\q)\s*(?:#.*)?$/;

/** Whether the last of its commands leaves the shell. */
function leavesSession(script: string): boolean {
  return /exit|logout|quit|\\q/.test(script) && isLeavingLine(codeLines(script).at(-1) ?? '');
}

function isLeaving(script: string): boolean {
  return codeLines(script).every(isLeavingLine);
}

function isLeavingLine(line: string): boolean {
  return LEAVING.test(line.replace(/^\s*[$#]\s/, ''));
}

const OUTSIDE =
  /\b(?:back (?:on|in|to|at)|on (?:the|your) (?:host|local|own|machine|laptop|workstation|computer)|from (?:the|your) (?:host|local|machine|laptop|workstation)|outside|locally|(?:exit|leave|quit) the|another (?:terminal|shell|window))\b/i;
/** The same, where "the machine" is the other one. */
const BACK =
  /\b(?:back (?:on|in|to|at)|(?:on|from) your (?:own |local )?(?:host|machine|laptop|workstation|computer)|(?:on|from) (?:the|your) local|locally|(?:exit|leave|quit|log out of) the|another (?:terminal|shell|window))\b/i;
const CONTAINERS = /^(?:docker|docker-compose|podman|kubectl|oc|helm)$/;

/** The text, or a program that containers do not have, says that it is typed where the shell was opened from. */
function isOutside({ intro }: CodeBlock, { commands }: ShellFacts): boolean {
  return OUTSIDE.test(lastSentence(intro)) || commands.some(({ program }) => CONTAINERS.test(program));
}

const INSIDE =
  /^\W*(?:(?:then|now|next),? )?(?:from )?(?:(?:inside|within)\W*$|(?:inside|within|in) (?:the |that |this |your )?(?:[\w-]+ ){0,2}(?:container|pod|shell|session|console|chroot)\b)/i;

/** "From inside:", "Inside the container, run:". */
function saysInside(intro: string, { commands }: ShellFacts): boolean {
  return INSIDE.test(lastSentence(intro)) && !commands.some(({ program }) => CONTAINERS.test(program));
}
