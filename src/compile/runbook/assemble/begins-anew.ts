import type { Command, ShellFacts } from '../../shell/facts.js';
import { type Decision, isInTurn } from '../blocks/decision.js';
import { asWritten, movesIn } from '../blocks/moves.js';
import { rollbackSection } from '../decide/rollback-scope.js';
import type { Block, Section } from '../markdown/document.js';
import { attribute } from '../markdown/outline.js';

/**
 * How the shell came where it is: nothing has moved it yet; it went from where the run began, first by `cd TARGET`, and never back; or
 * `lost`: it went back, or by a way that nobody knows.
 */
type Way = Forward | 'lost' | undefined;

interface Forward {
  readonly target: string;
  /** The latest block that went there from where the run began. */
  readonly latest: Decision;
}

/**
 * Blocks of a document are as if typed into one shell, but many a reader begins each section in the folder where he began. So a block of
 * another section that first goes where the first move of all went, by the very same words, begins where the run began.
 *
 * @param decisions in document order, with their choices
 * @returns the blocks that begin there, with the command that they begin with: `cd repo`
 */
export function beginsAnew(decisions: readonly Decision[]): ReadonlyMap<Block, string> {
  const found = new Map<Block, string>();
  const look = (decision: Decision, way: Way): Way => {
    const command = firstMove(decision);
    if (command === undefined || !isAgain(decision, way, found)) return wayAfter(decision, way);
    found.set(decision.block, command);
    return wayAfter(decision, { ...way, latest: decision });
  };
  const undoing = new Map<Decision, Way>();
  let way: Way;
  // A check is mostly part of the step before it and leaves nothing; where there is none, it is a step.
  let checked: Way;
  for (const decision of decisions) {
    if (decision.form !== 'shell' || decision.facts === undefined) continue;
    const from = way === undefined && isAgain(decision, checked, found) ? checked : way;
    if (isUndoing(decision)) undoing.set(decision, way);
    else if (isInTurn(decision)) way = look(decision, from);
    else if (decision.label === 'verify') checked = look(decision, from) ?? checked;
  }
  // The blocks of a rollback go on among themselves, behind the steps, wherever they stand.
  const chains = new Map<Section, Way>();
  for (const [undo, there] of undoing) {
    const own = rollbackSection(undo.block);
    const before = chains.get(own) ?? there ?? way;
    const after = look(undo, before);
    chains.set(own, undo.label === 'verify' ? before : after);
  }
  return found;
}

/** The same decisions; those whose blocks begin there say so, and no others, whatever was found before a way was chosen. */
export function withBeginnings(decisions: readonly Decision[]): readonly Decision[] {
  const found = beginsAnew(decisions);
  return decisions.map(({ anew: _, ...decision }) => {
    const anew = found.get(decision.block);
    return anew === undefined ? decision : { ...decision, anew };
  });
}

function isUndoing({ label, asStep, undoes }: Decision): boolean {
  if (label === 'manual' || label === 'leave_out') return false;
  return undoes === true || (label === 'rollback' && asStep !== true);
}

function isAgain(decision: Decision, way: Way, found: ReadonlyMap<Block, string>): way is Forward {
  if (way === undefined || way === 'lost' || targetOf(decision) !== way.target) return false;
  if (attribute(decision, 'cwd') !== undefined) return false;
  const { latest } = way;
  // Only one of several ways is gone: each begins as the first of them does.
  if (decision.choice !== undefined && decision.choice.input === latest.choice?.input) return found.has(latest.block);
  return decision.block.section !== latest.block.section;
}

function wayAfter(decision: Decision, way: Way): Way {
  const { facts, background } = decision;
  // What goes on in the background leaves nothing to the blocks after it.
  if (facts === undefined || background !== undefined || way === 'lost') return way;
  if (way === undefined && attribute(decision, 'cwd') !== undefined) return 'lost';
  const moves = movesIn(facts);
  if (moves.length === 0) return popsMore(facts) || !facts.parsed ? 'lost' : way;
  const targets = moves.map(({ program, args }) => (program === 'cd' ? plainTarget(args) : undefined));
  const [target] = targets;
  if (target === undefined || targets.includes(undefined) || !isFollowed(decision)) return 'lost';
  return way ?? { target, latest: decision };
}

/** Its moves are made as they stand there: in no function that may be called later, and in each way that it shows the same first. */
function isFollowed({ facts, script, ways }: Decision): boolean {
  if (facts?.parsed !== true || popsMore(facts) || /\(\)\s*[{(]|^\s*function\s/m.test(script)) return false;
  const firsts = new Set(ways?.map((one) => plainTarget(movesIn(one.facts)[0]?.args ?? [])));
  return firsts.size <= 1;
}

function popsMore({ commands }: ShellFacts): boolean {
  const count = (name: string) => commands.filter(({ program, subshell }) => program === name && !subshell).length;
  return count('popd') > count('pushd');
}

/** The folder that it goes to before anything else, in each way that it shows. */
function targetOf({ facts, script, ways }: Decision): string | undefined {
  const all = ways ?? [{ facts, script }];
  const [target, ...others] = new Set(all.map((one) => goesFirst(one)?.args[0]));
  return others.length === 0 ? target : undefined;
}

/** `cd repo` */
function firstMove({ facts, script, ways }: Decision): string | undefined {
  const [one = { facts, script }] = ways ?? [];
  const move = goesFirst(one);
  return move && asWritten(move, one.script);
}

/** The `cd` to a folder further on that a script begins with, on a line of its own, but for what it sets. */
function goesFirst({ facts, script }: Pick<Decision, 'facts' | 'script'>): Command | undefined {
  if (facts?.parsed !== true) return undefined;
  const first = facts.commands.find(({ program }) => !/^(?:|export|set)$/.test(program));
  if (first?.program !== 'cd' || first.subshell || plainTarget(first.args) === undefined) return undefined;
  if (facts.placeholders.some(({ start }) => start >= first.start && start < first.end)) return undefined;
  const begins = first.start === 0 || script[first.start - 1] === '\n';
  return begins && script.startsWith('cd ', first.start) ? first : undefined;
}

/** `repo`, `./apps/web`: further on, to where it says. */
function plainTarget(args: readonly string[]): string | undefined {
  const [target = ''] = args;
  const isPlain = args.length === 1 && /^[^\s/~-]/.test(target) && !/[$`*?[\]{}<>\\]/.test(target);
  return isPlain && !/^\.\/?$|(?:^|\/)\.\.(?:\/|$)/.test(target) ? target : undefined;
}
