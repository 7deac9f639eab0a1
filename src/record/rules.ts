import type { ChainRecord, ProofBody } from '#ir/proof.js';
import { proofBasis, stepWord, VERDICT_WORDS } from '#ir/verdict.js';

type Body<T extends ProofBody['type']> = Extract<ProofBody, { type: T }>;
type StepBody = Body<'step'>;
type VerdictBody = Body<'verdict'>;

/** What the rules need of a plan. It comes out of a signed file, so nothing about its form is taken for granted. */
interface PlanStep {
  readonly id: string;
  readonly forEach: boolean;
  /** Required verifiers by id, with their kinds. */
  readonly required: ReadonlyMap<string, string>;
}

export interface RuleBreach {
  readonly seq: number;
  readonly step?: string;
  readonly problem: string;
}

/**
 * The first record of an intact chain that claims more than the chain shows: a verdict that is "proven" without a baseline
 * that failed and without naming the effect, a step whose word its verdicts do not give, a required verifier without a
 * verdict, a success over failed steps. Undefined when every word is earned.
 */
export function firstBreach(chain: readonly ChainRecord[], plan: unknown): RuleBreach | undefined {
  const steps = planSteps(plan);
  const verdicts = groupVerdicts(chain);
  const latest = new Map<string, StepBody>();
  for (const { seq, body } of chain) {
    let problem: string | undefined;
    if (body.type === 'verdict') problem = verdictProblem(body);
    else if (body.type === 'step') {
      problem = stepProblem(body, { plan: steps, verdicts: verdicts.get(identityOf(body)) ?? [], latest });
      latest.set(identityOf({ ...body, attempt: 0 }), body);
    } else if (body.type === 'end') problem = endProblem(body, [...latest.values()]);
    if (problem !== undefined) return { seq, ...('step' in body && body.step ? { step: body.step } : {}), problem };
  }
  return undefined;
}

const identityOf = (of: { step: string; item: number; revision: number; attempt: number }): string =>
  JSON.stringify([of.step, of.item, of.revision, of.attempt]);

function groupVerdicts(chain: readonly ChainRecord[]): ReadonlyMap<string, VerdictBody[]> {
  const groups = new Map<string, VerdictBody[]>();
  for (const { body } of chain) {
    if (body.type !== 'verdict') continue;
    const group = groups.get(identityOf(body));
    if (group === undefined) groups.set(identityOf(body), [body]);
    else group.push(body);
  }
  return groups;
}

function verdictProblem(verdict: VerdictBody): string | undefined {
  const basis = proofBasis(verdict.passed, verdict.baseline.state, verdict.basis === 'names-effect');
  if (basis !== verdict.basis) {
    return `verifier ${verdict.verifier} claims the basis "${verdict.basis}"; its baseline and result give "${basis}"`;
  }
  if (verdict.proven !== (basis !== 'none'))
    return `verifier ${verdict.verifier} says proven: ${verdict.proven} on the basis "${basis}"`;
  return undefined;
}

interface StepContext {
  readonly plan: ReadonlyMap<string, PlanStep>;
  readonly verdicts: readonly VerdictBody[];
  /** The last record so far of each (step, item, revision). */
  readonly latest: ReadonlyMap<string, StepBody>;
}

function stepProblem(step: StepBody, { plan, verdicts, latest }: StepContext): string | undefined {
  const planned = plan.get(step.step);
  if (planned === undefined && step.revision === 0) return 'the plan has no such step';
  if (planned?.forEach === true && step.item === -1) return summaryProblem(step, latest);
  const word = stepWord(verdicts);
  if (step.outcome !== 'done' || step.person !== undefined) {
    return claims(step.word) && step.word !== word
      ? `"${step.word}" is claimed for a step that is ${describe(step)}`
      : undefined;
  }
  if (step.word !== word) return `the word is "${step.word}"; its verdicts give "${word}"`;
  return step.revision === 0 ? missingVerdict(planned, verdicts) : undefined;
}

/** Words that rest on evidence: they may be used only when the verdicts give them. */
const claims = (word: string): boolean => word === VERDICT_WORDS[0] || word === VERDICT_WORDS[1];
const describe = (step: StepBody): string =>
  step.person === undefined ? step.outcome : `settled by ${step.person.by}`;

/** The record that sums up the items of a forEach has no verdicts of its own; it is proven when all items are. */
function summaryProblem(step: StepBody, latest: StepContext['latest']): string | undefined {
  if (!claims(step.word)) return undefined;
  const items = [...latest.values()].filter((s) => s.step === step.step && s.revision === step.revision && s.item >= 0);
  const allowed = step.word === VERDICT_WORDS[0] ? [VERDICT_WORDS[0]] : VERDICT_WORDS.slice(0, 2);
  const weaker = items.find((s) => s.outcome !== 'skipped' && !allowed.some((word) => word === s.word));
  if (weaker !== undefined) return `the word is "${step.word}"; item ${weaker.item} is "${weaker.word}"`;
  return items.length === 0 ? `the word is "${step.word}", and there are no items` : undefined;
}

function missingVerdict(planned: PlanStep | undefined, verdicts: readonly VerdictBody[]): string | undefined {
  for (const [id, kind] of planned?.required ?? []) {
    const given = verdicts.some((v) => v.verifier === id && v.kind === kind && v.required);
    if (!given) return `the plan requires verifier ${id} (${kind}), and there is no verdict of it`;
  }
  return undefined;
}

function endProblem(end: Body<'end'>, latest: readonly StepBody[]): string | undefined {
  const bad = latest.find((step) => step.outcome === 'failed' || step.outcome === 'unknown');
  if (end.status === 'succeeded' && bad !== undefined)
    return `the run claims success; step ${bad.step} is ${bad.outcome}`;
  const done = latest.filter((step) => step.outcome === 'done');
  const weaker = done.find((step) => step.word !== VERDICT_WORDS[0]);
  if (end.word === VERDICT_WORDS[0] && (weaker !== undefined || end.status !== 'succeeded')) {
    return weaker === undefined
      ? `the run is ${end.status}, not proven`
      : `the run claims "proven"; step ${weaker.step} is "${weaker.word}"`;
  }
  return undefined;
}

function planSteps(plan: unknown): ReadonlyMap<string, PlanStep> {
  const found = new Map<string, PlanStep>();
  const add = (raw: unknown, prefix: string): void => {
    const id = field(raw, 'id');
    if (typeof id !== 'string') return;
    const verifiers = list(field(raw, 'verifiers')).filter((v) => field(v, 'required') !== false);
    const required = new Map(verifiers.map((v) => [String(field(v, 'id')), String(field(v, 'kind'))]));
    found.set(prefix + id, { id: prefix + id, forEach: field(raw, 'forEach') !== undefined, required });
    for (const back of list(field(raw, 'rollback'))) add(back, `${prefix}${id}/`);
  };
  for (const step of list(field(plan, 'steps'))) add(step, '');
  return found;
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
