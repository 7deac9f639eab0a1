import type { Variable } from './cel-language.js';
import type { JsonValue } from './json.js';
import type { Plan, Precondition, RollbackStep, Step, Verifier } from './plan.js';

/** A place of a plan where expressions may stand. */
export interface Site {
  /** The step it belongs to; undefined for the plan's own fields. */
  readonly step: string | undefined;
  /** From the step, or from the plan. */
  readonly path: readonly (string | number)[];
  readonly value: JsonValue;
  readonly variables: readonly Variable[];
  /** `bare`: the whole string is an expression, with or without braces. */
  readonly form: 'template' | 'bare';
  readonly wants?: 'bool' | 'list';
  /** Paths below `path` where text is read by an interpreter, so that no value may be put into it. */
  readonly literal: readonly string[];
  /** It is read once the tool has run, so that `step.startedAt` is known. */
  readonly afterTool: boolean;
  /** Whose ended steps it may read: those before the step, those and the step itself, or any. */
  readonly sees: 'ancestors' | 'self' | 'all';
}

export interface LiteralPaths {
  args(tool: string): readonly string[];
  config(kind: Verifier['kind']): readonly string[];
}

const BEFORE: readonly Variable[] = ['inputs', 'steps', 'env', 'run'];
const LABEL: readonly Variable[] = ['inputs', 'run'];
/** What is kept in the ledger must not hold secrets. */
const KEPT: readonly Variable[] = [...BEFORE, 'step'];
const CALL: readonly Variable[] = [...KEPT, 'secrets'];
const OWN_OUTPUT: readonly Variable[] = ['output', 'outputs'];
const ELEMENT: readonly Variable[] = ['item', 'index'];

type SiteDraft = Pick<Site, 'path' | 'value' | 'variables'> & Partial<Site>;

const planSite = (draft: SiteDraft): Site => ({
  step: undefined,
  form: 'template',
  literal: [],
  afterTool: false,
  sees: 'all',
  ...draft,
});

/** Every place of the plan where an expression may stand, and what it may use there. */
export function* planSites(plan: Plan, literal: LiteralPaths): Generator<Site> {
  yield planSite({ path: ['title'], value: plan.title, variables: ['inputs'] });
  if (plan.concurrencyKey !== undefined)
    yield planSite({ path: ['concurrencyKey'], value: plan.concurrencyKey, variables: ['inputs'] });
  if (plan.workspace?.path !== undefined)
    yield planSite({ path: ['workspace', 'path'], value: plan.workspace.path, variables: ['inputs', 'env'] });
  if (plan.target !== undefined)
    yield planSite({ path: ['target'], value: plan.target as JsonValue, variables: ['inputs'] });
  yield planSite({ path: ['expectedOutputs'], value: plan.expectedOutputs, variables: ['inputs', 'steps', 'run'] });
  for (const step of plan.steps) yield* stepSites(step, literal);
}

function* stepSites(step: Step, literal: LiteralPaths): Generator<Site> {
  const element = step.forEach === undefined ? [] : ELEMENT;
  const site = (draft: SiteDraft): Site => ({
    step: step.id,
    form: 'template',
    literal: [],
    afterTool: false,
    sees: 'ancestors',
    ...draft,
  });
  if (step.if !== undefined)
    yield site({ path: ['if'], value: step.if, variables: BEFORE, form: 'bare', wants: 'bool' });
  if (step.forEach !== undefined) {
    const { items } = step.forEach;
    const form = typeof items === 'string' ? 'bare' : 'template';
    yield site({
      path: ['forEach', 'items'],
      value: items,
      variables: BEFORE,
      form,
      ...(form === 'bare' ? { wants: 'list' } : {}),
    });
  }
  for (const draft of bodySites(step, element, literal)) yield site(draft);
  for (const [place, back] of (step.rollback ?? []).entries()) {
    // In a rollback step `output` is what the step put out that is being undone; in its verifiers, its own.
    // One that takes back further steps is carried out though its own was left out, and put out nothing.
    const undone = back.alsoUndoes === undefined ? OWN_OUTPUT : [];
    for (const draft of bodySites(back, [...element, ...undone], literal)) {
      yield site({ ...draft, path: ['rollback', place, ...draft.path], sees: 'self' });
    }
  }
}

function* bodySites(
  step: Step | RollbackStep,
  extra: readonly Variable[],
  literal: LiteralPaths,
): Generator<SiteDraft> {
  const after = [...new Set([...extra, ...OWN_OUTPUT])];
  if (step.title !== step.id)
    yield {
      path: ['title'],
      value: step.title,
      variables: [...LABEL, ...extra.filter((name) => ELEMENT.includes(name))],
    };
  yield {
    path: ['args'],
    value: step.args,
    variables: [...CALL, ...extra],
    literal: step.tool === undefined ? [] : literal.args(step.tool),
  };
  for (const [place, precondition] of step.preconditions.entries())
    yield preconditionSite(precondition, place, extra, literal);
  for (const [place, verifier] of step.verifiers.entries()) {
    yield {
      path: ['verifiers', place, 'config'],
      value: verifier.config,
      variables: [...CALL, ...after],
      literal: literal.config(verifier.kind),
      afterTool: true,
    };
  }
  if (step.outputs !== undefined)
    yield { path: ['outputs'], value: step.outputs, variables: [...KEPT, ...after], afterTool: true };
  for (const [place, artefact] of (step.artefacts ?? []).entries()) {
    yield {
      path: ['artefacts', place, 'path'],
      value: artefact.path,
      variables: [...KEPT, ...extra.filter((name) => ELEMENT.includes(name))],
      afterTool: true,
    };
  }
}

function preconditionSite(
  precondition: Precondition,
  place: number,
  extra: readonly Variable[],
  literal: LiteralPaths,
): SiteDraft {
  if (typeof precondition === 'string') return { path: ['preconditions', place], value: precondition, variables: [] };
  const { config, kind } = precondition;
  return {
    path: ['preconditions', place, 'config'],
    value: config,
    variables: [...CALL, ...extra],
    literal: literal.config(kind),
  };
}
