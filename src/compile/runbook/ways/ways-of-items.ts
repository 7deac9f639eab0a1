import { entry } from '#kit/entry.js';
import type { Decision } from '../blocks/decision.js';
import type { ListItem, Section } from '../markdown/document.js';
import { offersOne } from './variants.js';
import { type Group, groupOf, wayName } from './way-groups.js';
import { namesOfWays } from './way-names.js';

/** The blocks of each item, or of each bullet, by what it says. */
type Items = Map<ListItem | string, Decision[]>;

/** "Pick what fits:", above a list of which each item says what it is for: all blocks of an item are one way. */
export function itemGroups(running: readonly Decision[]): Group[] {
  const lists = new Map<Section, Map<string, Items>>();
  for (const decision of running) {
    const { block } = decision;
    const [lead = ''] = block.kind === 'code' ? block.leads : [];
    if (block.kind !== 'code' || !offersOne(lead)) continue;
    const byLead = entry(lists, block.section, () => new Map<string, Items>());
    const items = entry(byLead, lead, () => new Map());
    entry(items, block.item ?? block.around[0] ?? '', () => []).push(decision);
  }
  return [...lists.values()]
    .flatMap((byLead) => [...byLead.values()])
    .flatMap((items) => {
      const members = [...items.values()];
      const names = namesOfWays(
        members.map(([first]) => (first === undefined ? 'other' : wayName(first))),
        members.map(([first]) => (first?.block.kind === 'code' ? first.block.intro : '')),
      );
      return groupOf(members.map((blocks, i) => ({ name: names[i] ?? '', members: blocks })));
    });
}
