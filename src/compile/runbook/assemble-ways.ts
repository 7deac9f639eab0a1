import { attribute } from './assemble-step.js';
import type { Decision } from './decision.js';

/** `if=` of the block or its heading, and the alternative that it is. */
export function conditionOf(decision: Decision): string | undefined {
  const written = attribute(decision, 'if');
  const { choice } = decision;
  const chosen = choice === undefined ? undefined : `inputs.${choice.input} == ${JSON.stringify(choice.value)}`;
  if (written === undefined || chosen === undefined) return written ?? chosen;
  return `(${written}) && ${chosen}`;
}

/** One decision per way that the block shows. */
export function waysOf(decision: Decision): Decision[] {
  const { ways, choice } = decision;
  if (ways === undefined || choice === undefined) return [decision];
  return ways.map(({ value, script, facts }) => ({ ...decision, script, facts, choice: { ...choice, value } }));
}
