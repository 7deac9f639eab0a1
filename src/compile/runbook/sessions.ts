import type { Command, ShellFacts } from '../shell/facts.js';
import { isInteractive } from '../shell/judge/interactive.js';
import type { Decision } from './decision.js';
import type { CodeBlock } from './document.js';
import { lastSentence } from './rules-intro.js';
import { codeLines } from './rules-text.js';

/**
 * What is typed into a shell that a block before opened (`docker exec -it db bash`, `ssh host`) is typed by the person who opened
 * it, until a block leaves it, the section ends, or the text says that one is back. What leaves a shell is never run.
 */
export function withSessions(decisions: readonly Decision[]): Decision[] {
  let open: CodeBlock | undefined;
  return decisions.map((decision) => {
    const { block, facts, rule } = decision;
    if (block.kind !== 'code' || facts === undefined || rule.startsWith('marked-')) return decision;
    const inside = open !== undefined && open.section === block.section && !isOutside(block, facts);
    const leaves = leavesSession(block.text);
    if (!inside || leaves) open = undefined;
    if (opensSession(facts)) open = block;
    const leavesOnly = leaves && isLeaving(block.text);
    const typed = (inside && !leavesOnly) || saysInside(block.intro, facts);
    if (leavesOnly || typed) return typedByHand(decision, typed);
    return decision;
  });
}

function typedByHand(decision: Decision, typed: boolean): Decision {
  if (decision.label === 'leave_out' || decision.label === 'manual' || decision.undoes === true) return decision;
  const why = typed ? 'it is typed into a shell that was opened before' : 'it leaves a shell that a person opened';
  const { asStep: _, parts: __, ...rest } = decision;
  return {
    ...rest,
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
