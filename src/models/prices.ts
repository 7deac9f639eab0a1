/** The day on which the makers' price lists were read. */
export const PRICES_AS_OF = '2025-10-15';

/** US dollars for a million tokens, in and out, by the beginning of the model's name; the longest that fits counts. */
const PRICES: Readonly<Record<string, readonly [number, number]>> = {
  'gpt-4o': [2.5, 10],
  'gpt-4o-mini': [0.15, 0.6],
  'gpt-4.1': [2, 8],
  'gpt-4.1-mini': [0.4, 1.6],
  'gpt-4.1-nano': [0.1, 0.4],
  'gpt-5': [1.25, 10],
  'gpt-5-mini': [0.25, 2],
  'gpt-5-nano': [0.05, 0.4],
  'claude-3-5-haiku': [0.8, 4],
  'claude-haiku-4': [1, 5],
  'claude-sonnet-4': [3, 15],
  'claude-opus-4': [15, 75],
};

/** The dearest of the list, in and out: what a limit counts for a model whose price is not known. */
export const DEAREST: readonly [number, number] = [
  Math.max(...Object.values(PRICES).map(([input]) => input)),
  Math.max(...Object.values(PRICES).map(([, output]) => output)),
];

/**
 * What a call cost by the dated table, in US dollars; null: the model or the number of its tokens is not known.
 * @param model as the provider names it: `gpt-5-mini-2025-08-07`
 */
export function costOf(model: string, inputTokens: number | null, outputTokens: number | null): number | null {
  const names = Object.keys(PRICES).filter((name) => model === name || model.startsWith(`${name}-`));
  const [name] = names.toSorted((a, b) => b.length - a.length);
  const price = name === undefined ? undefined : PRICES[name];
  if (price === undefined || inputTokens === null || outputTokens === null) return null;
  return (inputTokens * price[0] + outputTokens * price[1]) / 1_000_000;
}
