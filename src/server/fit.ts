import { cleanText } from '#ir/clean.js';

/** A custom GPT refuses an answer of 100,000 characters. */
export const MOST_ANSWER = 95_000;

/** How many elements of a list and characters of a text are left, from the mildest cut to the hardest. */
const CUTS: readonly (readonly [items: number, characters: number])[] = [
  [100, 8000],
  [50, 4000],
  [20, 2000],
  [10, 1000],
  [5, 400],
  [2, 100],
  [0, 20],
];
const NOTE = 'Shortened to fit: lists and texts are cut. Ask for less: a smaller limit, one run or one step.';

/**
 * An answer that an agent's client can take: long lists are cut at their end (log lines at their beginning, since the last ones
 * tell), long texts too, and `note` says so.
 *
 * @param most characters of its JSON
 */
export function fitted(answer: object, most = MOST_ANSWER): object {
  if (JSON.stringify(answer).length <= most) return answer;
  for (const cut of CUTS) {
    const shorter = { note: NOTE, ...(shortened(answer, cut, '') as object) };
    if (JSON.stringify(shorter).length <= most) return shorter;
  }
  return { note: 'The answer is too large to be shown here, however much is cut. Open the room, or use /v1.' };
}

function shortened(value: unknown, cut: readonly [number, number], name: string): unknown {
  const [items, characters] = cut;
  // A cut leaves half of an emoji, with which some readers refuse the whole answer.
  if (typeof value === 'string') return value.length > characters ? cleanText(`${value.slice(0, characters)}…`) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const kept = name === 'lines' ? value.slice(Math.max(0, value.length - items)) : value.slice(0, items);
    return kept.map((element) => shortened(element, cut, ''));
  }
  const members = Object.entries(value).slice(0, Math.max(20, items * 10));
  return Object.fromEntries(members.map(([key, member]) => [key, shortened(member, cut, key)]));
}
