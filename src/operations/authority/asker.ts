import type { PrincipalFacts } from '#authorise/decision.js';
import { isDraft } from '../drafts/store.js';
import type { Room } from '../room.js';
import { principalFacts } from './facts.js';

/** As which agent policies see a plan that a language model drafted. */
export const PLANNER = 'planner';

/**
 * Who asks for a plan to run, as policies see it. A plan that a model drafted is an agent's, whoever brings it: what the model read
 * may have told it what to write. What a person has changed in it is a plan of their own.
 */
export async function askerOf(room: Room, planDigest: string): Promise<PrincipalFacts> {
  const facts = principalFacts(room.principal);
  if (facts.kind === 'agent' || !(await isDraft(room.database.engine, room.org, planDigest))) return facts;
  return { ...facts, kind: 'agent', agent: PLANNER };
}
