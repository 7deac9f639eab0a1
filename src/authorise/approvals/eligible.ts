import type { PrincipalFacts } from '../decision.js';

const OWN = 'Nobody approves what they asked for themselves, nor what their key, schedule or webhook asked for them.';
/** Schedules and webhooks. They do what a person told them to; other agents think for themselves. */
export const TOLD: ReadonlySet<string> = new Set(['cron', 'webhook']);

/** As which agent policies see a plan that a language model drafted, or that stood in a document. */
export const PLANNER = 'planner';
/** And one of which it chose templates and their inputs, but wrote no program that runs without isolation. */
export const COMPOSER = 'composer';
/** Names that policies know by themselves: no key is made for an agent of such a name. */
export const RESERVED_AGENTS: ReadonlySet<string> = new Set([...TOLD, PLANNER, COMPOSER]);

/**
 * Why a principal may not say yes or no to what another asked for; undefined when it may, as far as this goes: policies may say no
 * still. Held here and not by policies alone, so that no set of them can let an agent approve.
 */
export function whyNotEligible(who: PrincipalFacts, proposer: PrincipalFacts): string | undefined {
  if (who.kind !== 'person' && who.kind !== 'machine') return 'Only people approve; no key, agent or schedule does.';
  if (isOwn(who, proposer)) return OWN;
  if (thinks(proposer)) return undefined;
  // Who sits at the machine is not known: it may be the person who asked.
  if (who.person === null)
    return proposer.kind === 'person' || proposer.kind === 'machine' ? MACHINE_UNKNOWN : undefined;
  return proposer.person === null ? proposerUnknown(proposer) : undefined;
}

const MACHINE_UNKNOWN =
  'It is not known who the user of this machine is, so it might be their own request. Sign in, or link the machine with your account.';

/** The same the other way round: somebody may have asked at a machine, or by a key that was made there, before they signed in. */
const proposerUnknown = ({ by }: PrincipalFacts): string =>
  `It is not known who is behind ${by}, so it might be your own request. Once its machine is linked with an account (\`opsroom members link\`), what is asked from then on can be approved.`;

/** An agent thinks for itself, so its person may agree to what it proposed: that is what people are for. */
const thinks = ({ agent }: PrincipalFacts): boolean => agent !== null && !TOLD.has(agent);

function isOwn(who: PrincipalFacts, proposer: PrincipalFacts): boolean {
  return who.by === proposer.by || (!thinks(proposer) && who.person !== null && who.person === proposer.person);
}

/** The role in which somebody agrees: whoever may read the data directory could give themselves any. */
export function roleOf({ kind, role }: Pick<PrincipalFacts, 'kind' | 'role'>): string | null {
  return kind === 'machine' ? (role ?? 'owner') : role;
}
