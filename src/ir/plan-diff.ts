import { canonicalJson } from './digest.js';
import type { JsonObject, JsonValue } from './json.js';
import type { Plan } from './plan.js';

/** One place in which two values differ; undefined: one of them has nothing there. */
export interface Difference {
  /** `args.env.REF`, `verifiers.0.config.url`. */
  readonly path: string;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

export interface StepChange {
  readonly id: string;
  readonly title: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Of a step that changed. */
  readonly differences: readonly Difference[];
}

export interface PlanDiff {
  /** What differs beside the steps. */
  readonly plan: readonly Difference[];
  /** In the order of the plan, those that were removed last. */
  readonly steps: readonly StepChange[];
  /** How many steps are as they were. */
  readonly same: number;
}

/** What another plan does differently. Steps are the same step by their id; where it stands alone is no difference. */
export function diffPlans(before: Plan, after: Plan): PlanDiff {
  const was = new Map(before.steps.map((step) => [step.id, step]));
  const is = new Set(after.steps.map(({ id }) => id));
  const kept = after.steps.map((step): StepChange => {
    const { id, title } = step;
    const earlier = was.get(id);
    if (!earlier) return { id, title, change: 'added', differences: [] };
    return { id, title, change: 'changed', differences: differencesOf(plain(earlier), plain(step)) };
  });
  const changed = kept.filter(({ change, differences }) => change === 'added' || differences.length > 0);
  const removed = before.steps
    .filter(({ id }) => !is.has(id))
    .map(({ id, title }): StepChange => ({ id, title, change: 'removed', differences: [] }));
  const { steps: _, ...planBefore } = before;
  const { steps: __, ...planAfter } = after;
  return {
    plan: differencesOf(planBefore as unknown as JsonObject, planAfter as unknown as JsonObject),
    steps: [...changed, ...removed],
    same: kept.length - changed.length,
  };
}

function plain({ idx: _, ...step }: Plan['steps'][number]): JsonObject {
  return step as unknown as JsonObject;
}

/** Every place in which two values differ, the outermost that says it all: text is compared whole, a list by its places. */
export function differencesOf(before: JsonValue, after: JsonValue, path = ''): Difference[] {
  if (isBranch(before) && isBranch(after) && Array.isArray(before) === Array.isArray(after)) {
    const [was, is] = [membersOf(before), membersOf(after)];
    const names = [...new Set([...was.keys(), ...is.keys()])];
    return names.flatMap((name) => oneDifference(was.get(name), is.get(name), path === '' ? name : `${path}.${name}`));
  }
  return canonicalJson(before) === canonicalJson(after) ? [] : [{ path, before, after }];
}

function oneDifference(before: JsonValue | undefined, after: JsonValue | undefined, path: string): Difference[] {
  if (before !== undefined && after !== undefined) return differencesOf(before, after, path);
  return before === after ? [] : [{ path, before, after }];
}

const isBranch = (value: JsonValue): value is JsonObject | JsonValue[] => typeof value === 'object' && value !== null;

const membersOf = (value: JsonObject | JsonValue[]): Map<string, JsonValue | undefined> =>
  new Map(Object.entries(value));

const MOST_NAMED = 5;

/** What changed, in words: `steps release, build`, `its target`. Empty: nothing that is compared. */
export function diffWords({ plan, steps }: PlanDiff): string {
  const named = steps.map(({ id, change }) => (change === 'changed' ? id : `${id} (${change})`));
  const more = named.length > MOST_NAMED ? ` and ${named.length - MOST_NAMED} more` : '';
  const stepWords = `${named.length === 1 ? 'step' : 'steps'} ${named.slice(0, MOST_NAMED).join(', ')}${more}`;
  const members = [...new Set(plan.map(({ path }) => path.split('.')[0] ?? ''))];
  return [...(named.length > 0 ? [stepWords] : []), ...(members.length > 0 ? [`its ${members.join(', ')}`] : [])].join(
    '; ',
  );
}
