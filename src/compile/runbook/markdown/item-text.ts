import type { ListItem } from './document.js';

/** What rules look at of an item: a sentence or two. */
export function said(item: ListItem | undefined): string {
  return item?.text.slice(0, 2_000) ?? '';
}
