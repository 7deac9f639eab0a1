import type { Command } from '../../shell/facts.js';
import { isReadOnly } from '../../shell/judge/reading.js';
import { dangerOfBlock } from '../blocks/dangers.js';
import { type Decision, isInTurn } from '../blocks/decision.js';
import { asWritten, isAbsolute, movesIn } from '../blocks/moves.js';
import type { Block, Section } from '../markdown/document.js';
import { attribute, isWithin } from '../markdown/outline.js';
import { beginsAnew } from './begins-anew.js';

/** The block before a section that goes to a folder and does more, so that nobody knows where the section is to run. */
export interface Unplaced {
  readonly decision: Decision;
  /** `cd /srv/app` */
  readonly command: string;
  /** The first block of the section that depends on the folder: people are asked, not only told. */
  readonly depends: Decision | undefined;
}

export interface SectionFolder {
  /** Blocks before the section that only go somewhere or set variables, which it needs: they are done first. */
  readonly first: ReadonlySet<Block>;
  readonly unplaced: Unplaced | undefined;
}

/**
 * Blocks of a document run as if typed into one shell: where those before a section go, it would be.
 *
 * @param all the decisions about the whole document, with its choices
 * @param wanted those of what is done when the section is named
 */
export function sectionFolder(all: readonly Decision[], wanted: readonly Decision[], section: Section): SectionFolder {
  const own = wanted.filter((one) => one.facts !== undefined && isTyped(one) && isWithin(one.block.section, section));
  const [start] = own;
  if (start === undefined) return { first: new Set(), unplaced: undefined };
  const before = all.filter(
    ({ block }) => block.lines.from < start.block.lines.from && !isWithin(block.section, section),
  );
  const done = before.filter((one) => isInTurn(one) && isTaken(one, all, section));
  const anew = new Set(beginsAnew(all).keys());
  const { goes, depends } = placing(own, anew);
  const chain = goes ? [] : movesOf(done, anew);
  const [last] = chain.slice(-1);
  const lost = last !== undefined && !isPure(last);
  const first = lost ? [] : chain;
  const needed = variablesNeeded([...own, ...first], done);
  const blocks = new Set([...first, ...needed].map(({ block }) => block));
  if (!lost || startsInVariable(start)) return { first: blocks, unplaced: undefined };
  return { first: blocks, unplaced: { decision: last, command: moveIn(last), depends } };
}

/** A check is looked at there, too. */
const isTyped = (decision: Decision): boolean => isInTurn(decision) || decision.label === 'verify';

/** Not what is for some case only, nor another of the ways that the section is one of. */
function isTaken({ rule, choice }: Decision, all: readonly Decision[], section: Section): boolean {
  if (rule === 'condition') return false;
  if (choice === undefined) return true;
  const beside = all.filter((one) => one.choice?.input === choice.input && isWithin(one.block.section, section));
  return beside.length === 0 || beside.some((one) => one.choice?.value === choice.value);
}

/** The blocks that say in which folder one is behind them; the last of them alone, where it does more than that. */
function movesOf(done: readonly Decision[], anew: ReadonlySet<Block>): Decision[] {
  let chain: Decision[] = [];
  for (const decision of done) {
    const moves = movesIn(decision.facts);
    if (anew.has(decision.block)) chain = [];
    if (moves.length === 0) continue;
    const [before] = chain.slice(-1);
    if (moves.some(isAbsolute)) chain = [decision];
    // From a folder that nobody knows one comes to another.
    else if (before === undefined || isPure(before)) chain = isPure(decision) ? [...chain, decision] : [decision];
  }
  return chain;
}

const SETS = /^(?:|cd|export|readonly|set|declare)$/;

/** It only goes somewhere and sets variables to what is written there: done again, it changes nothing else. */
function isPure({ form, facts, parts, background, choice }: Decision): boolean {
  if (form !== 'shell' || facts === undefined || parts !== undefined || background !== undefined) return false;
  const plain = facts.commands.every(
    ({ program, substituted, writes }) => SETS.test(program) && !substituted && writes.length === 0,
  );
  return plain && choice === undefined && facts.assignedOtherwise.length === 0 && !facts.sources;
}

function moveIn({ facts, script }: Decision): string {
  const move = movesIn(facts).at(-1);
  return move === undefined ? 'cd' : asWritten(move, script);
}

/**
 * What a section does first: something that depends on the folder that it begins in, or going to one that is named in full, or from where
 * the run begins, where all that follows is done. What says beside it where it runs does neither.
 */
function placing(
  own: readonly Decision[],
  anew: ReadonlySet<Block>,
): { readonly goes: boolean; readonly depends: Decision | undefined } {
  const open = own.filter((decision) => attribute(decision, 'cwd') === undefined);
  for (const decision of open) {
    const commands = decision.facts?.commands ?? [];
    const at = commands.findIndex(
      ({ program, subshell, ...rest }) =>
        program === 'cd' && !subshell && (isAbsolute(rest) || anew.has(decision.block)),
    );
    if (dependsOnFolder(decision, at < 0 ? commands : commands.slice(0, at))) return { goes: false, depends: decision };
    // One of several ways, or what is for some case only, may not be done; what a check does is lost with it.
    if (at >= 0 && isInTurn(decision) && decision.choice === undefined) return { goes: true, depends: undefined };
  }
  return { goes: open.length === 0, depends: undefined };
}

/** `cd "$APP"`: what the variable holds is asked for, or set before. */
function startsInVariable({ facts }: Decision): boolean {
  const deeds = facts?.commands.filter(({ program }) => !/^(?:|export|set)$/.test(program)) ?? [];
  return deeds[0]?.program === 'cd' && /^"?\$/.test(deeds[0].args[0] ?? '');
}

/** The blocks that set variables which are read, unless another has set them since, in a way that is not known here. */
function variablesNeeded(own: readonly Decision[], done: readonly Decision[]): Decision[] {
  const needed = new Set(own.flatMap(({ facts }) => facts?.freeVariables ?? []));
  const setters: Decision[] = [];
  for (const decision of done.toReversed()) {
    const { assignedVariables = [], freeVariables = [] } = decision.facts ?? {};
    const found = assignedVariables.filter((name) => needed.has(name));
    if (found.length === 0) continue;
    if (isPure(decision) && movesIn(decision.facts).length === 0) {
      setters.push(decision);
      for (const name of freeVariables) needed.add(name);
    } else for (const name of found) needed.delete(name);
  }
  return setters;
}

/** Where it may destroy something, what a variable holds may be a path from there. */
function dependsOnFolder(decision: Decision, commands: readonly Command[]): boolean {
  const destroys = decision.ask !== undefined || dangerOfBlock(decision) !== undefined;
  if (decision.facts?.parsed === false) return true;
  return commands.some(
    (command) => usesFolder(command) || (destroys && [...command.args, ...command.writes].some(isVariable)),
  );
}

const isVariable = (word: string): boolean => /^["']?\$(?!\{?HOME\b)/.test(word);

const ANYWHERE = /^(?:systemctl|service|kubectl|oc|redis-cli|kill|pkill|killall|reboot|sysctl|iptables|ufw|ip)$/;
const ON_FILES = /^(?:cp|mv|rm|mkdir|rmdir|ln|touch|chmod|chown|install|tee)$/;

/** What it changes may be another thing in another folder. */
function usesFolder(command: Command): boolean {
  const { program, args, writes, remote } = command;
  if (remote) return false;
  if (writes.some(isRelative)) return true;
  if (isReadOnly(command) || /^(?:|cd|pushd|popd|export|set|readonly|declare|true)$/.test(program)) return false;
  if (ANYWHERE.test(program)) return args.some((word) => /^-[fk]|^--(?:filename|kustomize|from-)/.test(word));
  const paths = args.filter((word) => !/^-|^[0-7]{3,4}$/.test(word));
  return !ON_FILES.test(program) || paths.some(isRelative);
}

function isRelative(path: string): boolean {
  return !/^["']?[/~$]/.test(path);
}
