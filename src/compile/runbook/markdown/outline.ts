import type { Block, Section } from './document.js';

/** Whether the section is the other one or lies within it. */
export function isWithin(section: Section, other: Section): boolean {
  for (let at: Section | undefined = section; at !== undefined; at = at.parent) if (at === other) return true;
  return false;
}

/** What the info string of a block, or the end of a heading above it, says. */
export function attribute({ block }: { readonly block: Block }, key: string): string | undefined {
  const own = block.kind === 'code' ? block.attributes.get(key) : undefined;
  if (own !== undefined) return own;
  for (let section = block.section as typeof block.section | undefined; section; section = section.parent) {
    const value = section.attributes.get(key);
    if (value !== undefined) return value;
  }
  return undefined;
}
