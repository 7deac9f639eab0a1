import type { Subject } from './rule.js';

/** Whether one of the words stands at the block, or at a heading above it, and is not switched off. */
export function isMarked({ block }: Pick<Subject, 'block'>, ...keys: readonly string[]): boolean {
  const own = firstOf(block.attributes, keys);
  if (own !== undefined) return own;
  for (let section: typeof block.section | undefined = block.section; section !== undefined; section = section.parent) {
    const value = firstOf(section.attributes, keys);
    if (value !== undefined) return value;
  }
  return false;
}

/** Most blocks and headings have no attributes. */
function firstOf(attributes: ReadonlyMap<string, string>, keys: readonly string[]): boolean | undefined {
  if (attributes.size === 0) return undefined;
  return keys.map((key) => flag(attributes, key)).find((value) => value !== undefined);
}

/** Keys are compared without case; `false`, `no` and `0` switch off. */
function flag(attributes: ReadonlyMap<string, string>, key: string): boolean | undefined {
  for (const [name, value] of attributes) if (name.toLowerCase() === key) return !/^(?:false|no|0)$/i.test(value);
  return undefined;
}
