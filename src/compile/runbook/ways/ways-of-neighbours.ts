import { managerOf } from '../../shell/judge/managers.js';
import type { Decision } from '../blocks/decision.js';
import { saysOtherwise } from '../words/intro.js';
import { offersOne, variantOfBlock } from './variants.js';
import { type Group, groupOf, wayName } from './way-groups.js';
import { namesOfWays } from './way-names.js';

/** Blocks next to each other: of one family of programs and doing the same, or with "or" between them. */
export function neighbourGroups(running: readonly Decision[], behindCases: ReadonlySet<Decision>): Group[] {
  const groups: Group[] = [];
  let open: Decision[] = [];
  const close = () => {
    const named = open.map((decision) => (decision.block.kind === 'code' ? variantOfBlock(decision.block) : undefined));
    const names = namesOfWays(
      open.map((decision, i) => named[i]?.name ?? wayName(decision)),
      open.map(({ block }) => (block.kind === 'code' && !offersOne(block.intro) ? block.intro : '')),
    );
    groups.push(...groupOf(open.map((decision, i) => ({ name: names[i] ?? '', members: [decision] }))));
    open = [];
  };
  for (const decision of running) {
    const before = open.at(-1);
    const isNext = before !== undefined && areAlternatives(before, decision, open[0]) && !namesAgain(decision, open);
    if (behindCases.has(decision) || !isNext) close();
    open.push(decision);
  }
  close();
  return groups;
}

/** "Using npm:", "Using yarn:", and further down "Using npm:" again, for what is done next. */
function namesAgain({ block }: Decision, open: readonly Decision[]): boolean {
  const own = block.kind === 'code' ? variantOfBlock(block)?.name : undefined;
  return own !== undefined && open.some((one) => one.block.kind === 'code' && variantOfBlock(one.block)?.name === own);
}

/** "If it hangs: …", "Otherwise: …": it is for the other case, and no way of what stands before both. */
export function otherCases(decisions: readonly Decision[]): ReadonlySet<Decision> {
  const code = decisions.filter(({ block }) => block.kind === 'code');
  return new Set(
    code.filter(({ block }, i) => {
      const before = code[i - 1];
      const follows = before?.rule === 'condition' && before.block.section === block.section;
      return follows && block.kind === 'code' && saysOtherwise(block.intro);
    }),
  );
}

/** It only moves, and sets variables: what stands below needs that whichever way is taken, unless the other way does no more. */
function onlyPrepares({ facts }: Decision): boolean {
  const { commands = [], parsed } = facts ?? {};
  return parsed === true && commands.every(({ program, writes }) => PREPARES.test(program) && writes.length === 0);
}

const PREPARES = /^(?:|cd|pushd|export|set|declare|readonly|umask)$/;

function areAlternatives(a: Decision, b: Decision, first = a): boolean {
  if (a.block.section !== b.block.section || a.block.kind !== 'code' || b.block.kind !== 'code') return false;
  if (saysOtherwise(b.block.intro)) return a.block.item === b.block.item && onlyPrepares(a) === onlyPrepares(b);
  if (
    b.block.intro === '' &&
    first.block.kind === 'code' &&
    a.block.item === b.block.item &&
    offersOne(first.block.intro)
  )
    return true;
  const [one, other] = [variantOfBlock(a.block), variantOfBlock(b.block)];
  if (one !== undefined && one.topic === other?.topic && one.name !== other.name) return true;
  const [left, right] = [installerOf(a), installerOf(b)];
  return left !== undefined && right !== undefined && left.family === right.family && left.name !== right.name;
}

/** What installs, when the block does nothing else. */
function installerOf({ facts }: Decision) {
  const managers = (facts?.commands ?? []).map(managerOf);
  const [first] = managers;
  const same = managers.every((manager) => manager !== undefined && manager.name === first?.name);
  return same && first?.action === 'install' ? first : undefined;
}
