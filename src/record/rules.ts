import type { ChainRecord, ProofBody } from '#ir/proof.js';
import { STATUS_WORDS } from '#ir/state.js';
import { proofBasis, stepWord, VERDICT_WORDS } from '#ir/verdict.js';

type Body<T extends ProofBody['type']> = Extract<ProofBody, { type: T }>;
type StepBody = Body<'step'>;
type VerdictBody = Body<'verdict'>;

/** What the rules need of a plan. It comes out of a signed file, so nothing about its form is taken for granted. */
interface PlanStep {
  readonly id: string;
  readonly forEach: boolean;
  readonly system: boolean;
  readonly readOnly: boolean;
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
  const walk: Walk = { plan: planSteps(plan), reused: reusedSteps(chain[0]), verdicts: new Map(), latest: new Map() };
  for (const { seq, body } of chain) {
    const problem = problemOf(body, walk);
    if (problem !== undefined) return { seq, ...('step' in body && body.step ? { step: body.step } : {}), problem };
  }
  return undefined;
}

/** What the records so far have said. */
interface Walk {
  readonly plan: ReadonlyMap<string, PlanStep>;
  /** Steps whose results come from the parent of a re-run. */
  readonly reused: ReadonlySet<string>;
  /** Verdicts by attempt that no step record has summed up yet: an attempt cut short may be judged a second time. */
  readonly verdicts: Map<string, VerdictBody[]>;
  /** The last record of each (step, item). */
  readonly latest: Map<string, StepBody>;
}

function problemOf(body: ProofBody, walk: Walk): string | undefined {
  if (body.type === 'verdict') {
    const key = attemptOf(body);
    const open = walk.verdicts.get(key);
    if (open === undefined) walk.verdicts.set(key, [body]);
    else open.push(body);
    return verdictProblem(body);
  }
  if (body.type === 'end') return endProblem(body, walk);
  if (body.type !== 'step') return undefined;
  const problem = stepProblem(body, walk);
  walk.verdicts.delete(attemptOf(body));
  walk.latest.set(JSON.stringify([body.step, body.item]), body);
  return problem;
}

const attemptOf = (of: { step: string; item: number; revision: number; attempt: number }): string =>
  JSON.stringify([of.step, of.item, of.revision, of.attempt]);

function reusedSteps(first: ChainRecord | undefined): ReadonlySet<string> {
  const reused = first?.body.type === 'genesis' ? (first.body.parent?.reused ?? []) : [];
  return new Set(reused.map(({ step }) => step));
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

function stepProblem(step: StepBody, walk: Walk): string | undefined {
  const { plan } = walk;
  const verdicts = walk.verdicts.get(attemptOf(step)) ?? [];
  const planned = plan.get(step.step);
  if (planned === undefined && step.revision === 0) return 'the plan has no such step';
  if (planned?.forEach === true && step.item === -1) return summaryProblem(step, walk);
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

/** The record that sums up the items of a forEach has no verdicts of its own; it is as strong as its weakest item. */
function summaryProblem(step: StepBody, { latest, reused }: Walk): string | undefined {
  if (!claims(step.word)) return undefined;
  const items = [...latest.values()].filter((s) => s.step === step.step && s.item >= 0 && s.outcome !== 'skipped');
  const weaker = items.find((s) => strength(s.word) < strength(step.word));
  if (weaker !== undefined) return `the word is "${step.word}"; item ${weaker.item} is "${weaker.word}"`;
  return items.length === 0 && !reused.has(step.step)
    ? `the word is "${step.word}", and there are no items`
    : undefined;
}

function missingVerdict(planned: PlanStep | undefined, verdicts: readonly VerdictBody[]): string | undefined {
  for (const [id, kind] of planned?.required ?? []) {
    const given = verdicts.some((v) => v.verifier === id && v.kind === kind && v.required);
    if (!given) return `the plan requires verifier ${id} (${kind}), and there is no verdict of it`;
  }
  return undefined;
}

function endProblem(end: Body<'end'>, { plan, latest, reused }: Walk): string | undefined {
  const all = [...latest.values()];
  const bad = all.find((step) => step.outcome === 'failed' || step.outcome === 'unknown');
  if (end.status === 'succeeded' && bad !== undefined)
    return `the run claims success; step ${bad.step} is ${bad.outcome}`;
  if (!claims(end.word)) return undefined;
  if (end.status === 'failed' || end.status === 'cancelled')
    return `the run claims "${end.word}", and ${STATUS_WORDS[end.status]}`;
  const judged = judgedSteps(all, plan);
  const weaker = judged.find((step) => strength(step.word) < strength(end.word));
  if (weaker !== undefined) return `the run claims "${end.word}"; step ${weaker.step} is "${weaker.word}"`;
  return judged.length === 0 && reused.size === 0 ? `the run claims "${end.word}", and nothing was done` : undefined;
}

/** What the word for a run rests on: steps that were done and change something; in a run that changes nothing, all of them. */
function judgedSteps(latest: readonly StepBody[], plan: ReadonlyMap<string, PlanStep>): StepBody[] {
  const top = (step: StepBody) => plan.get(step.step.split('/')[0] ?? '');
  const tools = latest.filter((step) => {
    const isSummary = step.item === -1 && plan.get(step.step)?.forEach === true;
    return step.outcome === 'done' && !isSummary && top(step)?.system !== true;
  });
  const changing = tools.filter((step) => top(step)?.readOnly !== true);
  return changing.length > 0 ? changing : tools;
}

/** VERDICT_WORDS are from the strongest down; a word that is none of them is the weakest. */
function strength(word: string): number {
  const place = VERDICT_WORDS.findIndex((known) => known === word);
  return place === -1 ? -VERDICT_WORDS.length : -place;
}

function planSteps(plan: unknown): ReadonlyMap<string, PlanStep> {
  const found = new Map<string, PlanStep>();
  const add = (raw: unknown, prefix: string): void => {
    const id = field(raw, 'id');
    if (typeof id !== 'string') return;
    const verifiers = list(field(raw, 'verifiers')).filter((v) => field(v, 'required') !== false);
    const required = new Map(verifiers.map((v) => [String(field(v, 'id')), String(field(v, 'kind'))]));
    found.set(prefix + id, {
      id: prefix + id,
      forEach: field(raw, 'forEach') !== undefined,
      system: field(raw, 'kind') === 'system',
      readOnly: field(raw, 'readOnly') === true,
      required,
    });
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
