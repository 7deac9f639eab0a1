/** US dollars for a million tokens, in and out. */
export type Price = readonly [input: number, output: number];

interface PriceList {
  /** The maker's own page that says so. */
  readonly source: string;
  /** The day as of which the list was taken from there. */
  readonly asOf: string;
  readonly prices: Readonly<Record<string, Price>>;
}

/**
 * List prices of the makers, pay as you go: without what a contract, a batch or a cache makes cheaper, and a long context or a hurry
 * dearer. What is paid may be another: `OPSROOM_MODEL_PRICE` says it, and wins. A change of a price is a change of its `asOf`.
 */
const LISTS: Readonly<Record<'openai' | 'anthropic', PriceList>> = {
  openai: {
    source: 'https://developers.openai.com/api/docs/pricing',
    asOf: '2025-10-15',
    prices: {
      'gpt-4o': [2.5, 10],
      'gpt-4o-2024-05-13': [5, 15],
      'gpt-4o-mini': [0.15, 0.6],
      'gpt-4.1': [2, 8],
      'gpt-4.1-mini': [0.4, 1.6],
      'gpt-4.1-nano': [0.1, 0.4],
      'gpt-5': [1.25, 10],
      'gpt-5-mini': [0.25, 2],
      'gpt-5-nano': [0.05, 0.4],
      'gpt-5-pro': [15, 120],
    },
  },
  anthropic: {
    source: 'https://platform.claude.com/docs/en/about-claude/pricing',
    asOf: '2026-09-29',
    prices: {
      'claude-3-5-haiku': [0.8, 4],
      'claude-haiku-4-5': [1, 5],
      'claude-sonnet-4': [3, 15],
      'claude-sonnet-4-0': [3, 15],
      'claude-sonnet-4-5': [3, 15],
      'claude-sonnet-5': [2, 10],
      'claude-sonnet-5-5': [2, 10],
      'claude-opus-4': [15, 75],
      'claude-opus-4-0': [15, 75],
      'claude-opus-4-1': [15, 75],
      'claude-opus-4-5': [5, 25],
      'claude-opus-5': [5, 25],
      'claude-opus-5-5': [4, 20],
    },
  },
};

/** Where an owner says what they pay. */
export const OWN_PRICE = 'OPSROOM_MODEL_PRICE';

const ALL = Object.values(LISTS).flatMap(({ prices }) => Object.values(prices));

/** The dearest of the lists, in and out: what a limit counts for a maker's model whose price is not known. */
export const DEAREST: Price = [Math.max(...ALL.map(([input]) => input)), Math.max(...ALL.map(([, output]) => output))];

/** What a maker puts behind a model's name for one day's state of it: `-2025-08-07`, `-20250929`, `-latest`. */
const STATE = /-(\d{4}-\d{2}-\d{2}|\d{8}|latest)$/;

/** What a model costs, and by which price: the day of a list, or the setting; undefined: it is not known. */
interface Priced {
  readonly price: Price;
  readonly asOf: string;
}

/** A model as its provider names it (`gpt-5-mini-2025-08-07`), and what its owner pays, which wins. */
interface Asked {
  readonly provider: string;
  readonly model: string;
  readonly price?: Price | undefined;
}

/**
 * The price of a model, by the list of who makes it: one's own server has none, whatever its models are called. A name that only begins
 * as another does (`gpt-5-pro`, `gpt-5`) is another model; one day's state of a model costs as the model, unless it is on the list itself.
 */
export function priceOf({ provider, model, price: own }: Asked): Priced | undefined {
  if (own) return { price: own, asOf: OWN_PRICE };
  if (provider !== 'openai' && provider !== 'anthropic') return undefined;
  const { prices, asOf } = LISTS[provider];
  const name = [model, model.replace(STATE, '')].find((one) => Object.hasOwn(prices, one));
  const price = name === undefined ? undefined : prices[name];
  return price && { price, asOf };
}

/** What so many tokens cost, in US dollars; null: the price or a number is not known. */
export function costOf(
  priced: Priced | undefined,
  inputTokens: number | null,
  outputTokens: number | null,
): number | null {
  if (priced === undefined || inputTokens === null || outputTokens === null) return null;
  return (inputTokens * priced.price[0] + outputTokens * priced.price[1]) / 1_000_000;
}
