import { dollars } from './format.js';

interface Spent {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: number;
  readonly unpriced: number;
  readonly lost: number;
}

/** What calls of models cost: `2 calls, 1200 tokens in, 300 out, $0.0042`. */
export function costText({ calls, inputTokens, outputTokens, cost, unpriced, lost }: Spent): string {
  const price = unpriced > 0 && cost === 0 ? 'price not known' : `${lost > 0 ? 'at most ' : ''}${dollars(cost)}`;
  const parts = [
    calls === 1 ? '1 call' : `${calls} calls`,
    `${inputTokens} tokens in`,
    `${outputTokens} out`,
    price,
    ...(unpriced > 0 && cost > 0 ? [`${unpriced} of them without a known price`] : []),
    ...(lost > 0 ? [`${lost} of them lost on the way, counted with the most that it may have taken`] : []),
  ];
  return parts.join(', ');
}

/** One cost: `$0.0042`, `≤ $0.1651` where the answer was lost, `?` where nobody knows, `–` where nothing was answered. */
export function oneCost({ cost, lost, outcome }: { cost: number | null; lost: boolean; outcome: string }): string {
  if (cost === null) return outcome === 'failed' && !lost ? '–' : '?';
  return `${lost ? '≤ ' : ''}$${cost.toFixed(4)}`;
}
