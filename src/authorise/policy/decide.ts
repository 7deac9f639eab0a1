import type { Action, ApprovalRule, Decision, Question } from '../decision.js';
import { type CedarRequest, cedarRequest } from './facts.js';
import type { PolicySet } from './load.js';
import type { Policy } from './policy.js';

/** What the engine says to one request. */
export interface Answer {
  readonly allowed: boolean;
  /** Ids of the policies that determined it. */
  readonly policies: readonly string[];
  /** What went wrong on the way; where anything did, nothing is allowed. */
  readonly errors: readonly string[];
}
/** The engine, asked once with the policies of the action. */
export type Ask = (request: CedarRequest) => Answer;

/**
 * What a set of policies says to a question. Running also asks for each tool and each secret that the plan names; the strictest
 * answer counts.
 */
export function decide(set: PolicySet, question: Question, ask: Ask): Decision {
  const parts = questionsOf(set, question).map((part) => decideOne(set, part, ask));
  const refused = parts.filter(({ effect }) => effect === 'deny');
  const waiting = parts.flatMap((part) => (part.effect === 'needs_approval' ? [part] : []));
  const deciding = refused.length > 0 ? refused : waiting.length > 0 ? waiting : parts;
  const found = { policies: unique(deciding.flatMap(({ policies }) => policies)), policyDigest: set.digest };
  if (refused.length > 0) {
    const reasons = refused.flatMap((part) => (part.effect === 'deny' ? [part.reason] : []));
    return { ...found, effect: 'deny', reason: unique(reasons).join(' ') };
  }
  if (waiting.length > 0)
    return { ...found, effect: 'needs_approval', rules: uniqueRules(waiting.flatMap(({ rules }) => rules)) };
  return { ...found, effect: 'allow' };
}

function questionsOf(set: PolicySet, question: Question): Question[] {
  if (question.action !== 'run' && question.action !== 'heal') return [question];
  const { tools, secrets } = question.request;
  const each = (action: Action, names: readonly string[]): Question[] =>
    toldApart(set, action, unique(names)).map((name) => ({ ...question, action, name }));
  return [question, ...each('use_tool', tools), ...each('read_secret', secrets)];
}

/** Of names that no policy tells from each other, one is asked for all: a question costs 0.2 ms, and a plan may name many tools. */
function toldApart({ policies }: PolicySet, action: Action, names: readonly string[]): readonly string[] {
  const resources = [...policies.values()]
    .filter(({ actions }) => actions.includes(action))
    .map((policy) => policy.resources);
  if (resources.includes('each')) return names;
  const named = new Set(resources.flat());
  const others = names.filter((name) => !named.has(name));
  return [...names.filter((name) => named.has(name)), ...others.slice(0, 1)];
}

/** First as nobody had agreed; then, where that is refused, as everybody had: what gave way is what waits. */
function decideOne(set: PolicySet, question: Question, ask: Ask): Decision {
  const { digest: policyDigest } = set;
  if (question.approved === true) return settled(set, question, ask(cedarRequest(question, true)));
  const first = ask(cedarRequest(question, false));
  if (first.allowed || first.errors.length > 0) return settled(set, question, first);
  const second = ask(cedarRequest(question, true));
  if (!second.allowed || second.errors.length > 0) return settled(set, question, second);
  const gaveWay = first.policies.map((id) => set.policies.get(id));
  const rules = gaveWay.flatMap((policy) => (policy?.approval ? [policy.approval] : []));
  // Loading makes sure of it; were it not so, something would be allowed that nobody is named to approve.
  if (rules.length === 0 || rules.length < gaveWay.length)
    return settled(set, question, { ...first, errors: [NOBODY] });
  return { effect: 'needs_approval', policies: first.policies, policyDigest, rules };
}

const NOBODY = 'a policy gave way to an approval without saying whose';

function settled(set: PolicySet, question: Question, { allowed, policies, errors }: Answer): Decision {
  const { digest: policyDigest } = set;
  if (errors.length > 0) {
    const reason = `The policies could not be asked, so it is refused: ${errors.join('; ')}.`;
    return { effect: 'deny', policies, policyDigest, reason };
  }
  if (allowed) return { effect: 'allow', policies, policyDigest };
  const reasons = policies.map((id) => reasonOf(set.policies.get(id)));
  const reason =
    reasons.length > 0 ? reasons.join(' ') : `No policy lets ${question.principal.by} ${wordsOf(question)}.`;
  return { effect: 'deny', policies, policyDigest, reason };
}

const reasonOf = (policy: Policy | undefined): string => policy?.reason ?? '';

function wordsOf({ action, name }: Question): string {
  if (action === 'use_tool') return `use the tool ${name}`;
  if (action === 'read_secret') return `use the secret ${name}`;
  return `${action} this`;
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
const uniqueRules = (rules: readonly ApprovalRule[]): ApprovalRule[] => [
  ...new Map(rules.map((rule) => [rule.policy, rule])).values(),
];
