import type { Block, CodeBlock, ListItem } from './document.js';

/**
 * Items whose code stands right behind them, at the margin: "1. Stop it:", a block, "2. Start it:", a block. The block is what is done,
 * and nobody is asked to do it as well.
 */
export function itemsBeforeCode(blocks: readonly Block[]): ReadonlySet<ListItem> {
  const pairs = blocks.flatMap((block, i) => {
    const next = blocks[i + 1];
    return block.kind === 'item' && next?.kind === 'code' && isRightBehind(next, block) ? [block] : [];
  });
  const counts = new Map<string, number>();
  const listOf = ({ section, marker }: ListItem) => `${section.slug}\n${marker}`;
  for (const item of pairs) counts.set(listOf(item), (counts.get(listOf(item)) ?? 0) + 1);
  // A colon says so; else that it is so again and again.
  return new Set(pairs.filter((item) => /[:：]\W*$/u.test(item.text) || (counts.get(listOf(item)) ?? 0) > 1));
}

function isRightBehind(code: CodeBlock, item: ListItem): boolean {
  // The text right before the block is that of the item.
  return (
    code.section === item.section && code.item === undefined && code.intro !== '' && item.text.endsWith(code.intro)
  );
}
