import type { Decision } from '../blocks/decision.js';
import { clip } from '../blocks/names.js';
import type { CodeBlock } from '../markdown/document.js';
import { type Variant, variantOfBlock } from './variants.js';
import { type Group, groupOf } from './way-groups.js';

/** A way that the text before its first block names. */
interface Told {
  readonly variant: Variant;
  readonly members: Decision[];
}

/**
 * "For staging:" above two blocks, "For production:" above two others. Between two ways, all belongs to the first of them; behind the
 * last one, what nothing is said before, and no more than the longest of the others has.
 *
 * @param done what is run, or done by a person, in document order
 */
export function introGroups(done: readonly Decision[]): Group[] {
  const groups: Group[] = [];
  let open: Told[] = [];
  let between: Decision[] = [];
  const close = () => {
    const last = open.at(-1);
    const most = Math.max(0, ...open.slice(0, -1).map(({ members }) => members.length));
    if (last !== undefined) last.members.push(...between.slice(0, behindLast(between, most - last.members.length)));
    if (open.some(({ members }) => members.length > 1))
      groups.push(...groupOf(open.map(({ variant, members }) => ({ name: clip(variant.name), members }))));
    open = [];
    between = [];
  };
  for (const decision of done) {
    const block = decision.block as CodeBlock;
    const variant = block.tab === undefined ? variantOfBlock(block) : undefined;
    const [first] = open;
    if (first !== undefined && (block.tab !== undefined || !isBeside(block, first))) close();
    if (variant === undefined) {
      if (open.length > 0) between.push(decision);
      continue;
    }
    const told = { variant, members: [decision] };
    if (open[0] !== undefined && isOther(variant, open)) open.at(-1)?.members.push(...between);
    else close();
    between = [];
    open.push(told);
  }
  close();
  return groups;
}

function isBeside({ section, item }: CodeBlock, { members: [first] }: Told): boolean {
  return first?.block.kind === 'code' && first.block.section === section && first.block.item === item;
}

function isOther({ topic, name }: Variant, open: readonly Told[]): boolean {
  return open.every(({ variant }) => variant.topic === topic && variant.name !== name);
}

/** How many of the blocks behind the last way are its own. */
function behindLast(between: readonly Decision[], most: number): number {
  const told = between.findIndex(({ block }) => block.kind === 'code' && (block.intro !== '' || block.told.length > 0));
  return Math.max(told < 0 ? between.length : told, Math.min(most, between.length));
}
