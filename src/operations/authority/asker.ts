import { COMPOSER, PLANNER } from '#authorise/approvals/eligible.js';
import type { PrincipalFacts } from '#authorise/decision.js';
import { findDraft } from '../drafts/store.js';
import type { Room } from '../room.js';
import { principalFacts } from './facts.js';

/**
 * Who asks for a plan to run, as policies see it. A plan that a model drafted is an agent's, whoever brings it: what the model read
 * may have told it what to write. What a person has changed in it is a plan of their own.
 */
export async function askerOf(room: Room, planDigest: string): Promise<PrincipalFacts> {
  const facts = principalFacts(room.principal);
  if (facts.kind === 'agent') return facts;
  const draft = await findDraft(room.database.engine, room.org, planDigest);
  return draft === undefined ? facts : { ...facts, kind: 'agent', agent: draft.composed ? COMPOSER : PLANNER };
}
