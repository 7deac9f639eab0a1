import type { Subject } from './rule.js';

/** Whether one of the words stands at the block, or at a heading above it, and is not switched off. */
export function isMarked({ block }: Pick<Subject, 'block'>, ...keys: readonly string[]): boolean {
  const own = keys.map((key) => flag(block.attributes, key)).find((value) => value !== undefined);
  if (own !== undefined) return own;
  for (let section: typeof block.section | undefined = block.section; section !== undefined; section = section.parent) {
    const { attributes } = section;
    const value = keys.map((key) => flag(attributes, key)).find((found) => found !== undefined);
    if (value !== undefined) return value;
  }
  return false;
}

/** Keys are compared without case; `false`, `no` and `0` switch off. */
function flag(attributes: ReadonlyMap<string, string>, key: string): boolean | undefined {
  for (const [name, value] of attributes) if (name.toLowerCase() === key) return !/^(?:false|no|0)$/i.test(value);
  return undefined;
}
