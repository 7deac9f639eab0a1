import { count, counted, dollars } from '../ui/format.js';
import type { Run } from './data.js';

export type Cost = NonNullable<Run['cost']>;
type AgentCost = Cost['agents'][number];

/** What a run has cost as far as that is known: `$0.42`; `not told` where nobody told any price. */
export function costText({ usd, unpriced, agents, draftUsd }: Cost): string {
  const told = draftUsd > 0 || agents.some((agent) => agent.unpriced < agent.attempts);
  if (!told && unpriced > 0) return 'not told';
  return unpriced === 0 ? dollars(usd) : `${dollars(usd)} and more`;
}

/** What the sum is made of, a line each. */
export function costParts({ agents, draftUsd, unpriced }: Cost): string[] {
  return [
    ...agents.map((agent) => `${agent.step}: ${agentText(agent)}`),
    ...(draftUsd > 0 ? [`drafting its plan, once for all its runs: ${dollars(draftUsd)}`] : []),
    ...(unpriced > 0 ? [`${counted(unpriced, 'call')} or attempts of which nobody told the price`] : []),
  ];
}

/** What an agent says that it used: `$0.0123, 1,100 tokens in, 60 out, of 2 attempts`. */
export function agentText({ usd, unpriced, attempts, inputTokens, outputTokens }: AgentCost): string {
  const price = unpriced === attempts ? 'it does not tell what it cost' : dollars(usd);
  const tokens = inputTokens + outputTokens > 0 ? `, ${count(inputTokens)} tokens in, ${count(outputTokens)} out` : '';
  return `${price}${tokens}${attempts > 1 ? `, of ${attempts} attempts` : ''}`;
}
