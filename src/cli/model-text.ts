import { dollars } from './format.js';

interface Spent {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: number;
  readonly unpriced: number;
}

/** What calls of models cost: `2 calls, 1200 tokens in, 300 out, $0.0042`. */
export function costText({ calls, inputTokens, outputTokens, cost, unpriced }: Spent): string {
  const price = unpriced === calls && calls > 0 ? 'price not known' : dollars(cost);
  const rest = unpriced > 0 && unpriced < calls ? `, ${unpriced} of them without a known price` : '';
  return `${calls === 1 ? '1 call' : `${calls} calls`}, ${inputTokens} tokens in, ${outputTokens} out, ${price}${rest}`;
}
