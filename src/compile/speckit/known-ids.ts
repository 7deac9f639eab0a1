import type { KnownIds } from './id-lists.js';
import { countedId, idKey } from './task-id.js';

/** @param ids of the tasks, in their order; of two tasks with one id the first is meant wherever it is named */
export function knownIds(ids: readonly (string | undefined)[]): KnownIds {
  const places = new Map<string, number>();
  const counted = new Map<string, { number: number; task: number; lettered: boolean }[]>();
  ids.forEach((id, task) => {
    if (id === undefined || places.has(idKey(id))) return;
    places.set(idKey(id), task);
    const plain = id.replace(/[a-z]$/, '');
    const count = countedId(plain);
    if (count === undefined) return;
    const entry = { number: count.number, task, lettered: plain !== id };
    const stem = idKey(count.stem);
    const group = counted.get(stem);
    if (group === undefined) counted.set(stem, [entry]);
    else group.push(entry);
  });
  return {
    find: (id) => places.get(idKey(id)),
    // `T017b` comes after `T017`, so a list up to that does not reach it.
    between: (stem, first, last) =>
      (counted.get(idKey(stem)) ?? []).flatMap(({ number, task, lettered }) =>
        number >= first && (lettered ? number < last : number <= last) ? [task] : [],
      ),
    numbers: ids.some((id) => id !== undefined && /^\d/.test(id)),
  };
}
