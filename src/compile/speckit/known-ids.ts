import type { KnownIds } from './id-lists.js';
import { countedId, idKey } from './task-id.js';

/** @param ids of the tasks, in their order; of two tasks with one id the first is meant wherever it is named */
export function knownIds(ids: readonly (string | undefined)[]): KnownIds {
  const places = new Map<string, number>();
  const counted = new Map<string, { number: number; task: number }[]>();
  ids.forEach((id, task) => {
    if (id === undefined || places.has(idKey(id))) return;
    places.set(idKey(id), task);
    const count = countedId(id.replace(/[a-z]$/, ''));
    if (count === undefined) return;
    const stem = idKey(count.stem);
    const group = counted.get(stem);
    if (group === undefined) counted.set(stem, [{ number: count.number, task }]);
    else group.push({ number: count.number, task });
  });
  return {
    find: (id) => places.get(idKey(id)),
    between: (stem, first, last) =>
      (counted.get(idKey(stem)) ?? []).flatMap(({ number, task }) => (number >= first && number <= last ? [task] : [])),
    numbers: ids.some((id) => id !== undefined && /^\d/.test(id)),
  };
}
