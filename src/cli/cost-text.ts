import type { RunView } from '#operations/runs/get.js';
import { dollars } from './format.js';

/** `cost $0.42 (agent fix $0.40, drafting its plan $0.02)`; `cost not told (agent fix does not tell)` where nobody told any price. */
export function runCostText({ usd, unpriced, agents, draftUsd }: NonNullable<RunView['cost']>): string {
  const parts = [
    ...agents.map(
      (agent) => `agent ${agent.step} ${agent.unpriced < agent.attempts ? dollars(agent.usd) : 'does not tell'}`,
    ),
    ...(draftUsd > 0 ? [`drafting its plan ${dollars(draftUsd)}`] : []),
  ];
  const isTold = draftUsd > 0 || agents.some((agent) => agent.unpriced < agent.attempts);
  const sum = isTold || unpriced === 0 ? dollars(usd) : 'not told';
  const unknown = isTold && unpriced > 0 ? `, ${unpriced} of unknown price` : '';
  return `cost ${sum}${unknown}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`;
}
