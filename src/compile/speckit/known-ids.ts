import type { KnownIds } from './id-lists.js';
import { countedId, type FoundId, idKey } from './task-id.js';

/**
 * @param found of the tasks, in their order; of two tasks with one id the first is meant wherever it is named, and one that
 *   stands for several is meant by each of them
 */
export function knownIds(found: readonly (FoundId | undefined)[]): KnownIds {
  const places = new Map<string, number>();
  const counted = new Map<string, { number: number; task: number; lettered: boolean }[]>();
  const ids = found.flatMap((one, task) => (one?.all ?? (one ? [one.id] : [])).map((id) => ({ id, task })));
  for (const { id, task } of ids) {
    if (places.has(idKey(id))) continue;
    places.set(idKey(id), task);
    const plain = id.replace(/[a-z]$/, '');
    const count = countedId(plain);
    if (count === undefined) continue;
    const entry = { number: count.number, task, lettered: plain !== id };
    const stem = idKey(count.stem);
    const group = counted.get(stem);
    if (group === undefined) counted.set(stem, [entry]);
    else group.push(entry);
  }
  return {
    find: (id) => places.get(idKey(id)),
    // `T017b` comes after `T017`, so a list up to that does not reach it.
    between: (stem, first, last) =>
      (counted.get(idKey(stem)) ?? []).flatMap(({ number, task, lettered }) =>
        number >= first && (lettered ? number < last : number <= last) ? [task] : [],
      ),
    numbers: ids.some(({ id }) => /^\d/.test(id)),
  };
}
