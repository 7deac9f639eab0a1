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
  /** Steps of both that stand elsewhere among the others: the fewest that must be moved. Where a step stands alone changes nothing. */
  readonly moved: readonly string[];
}

/** What another plan does differently. Steps are the same step by their id. */
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
    moved: movedOf(before.steps, after.steps),
  };
}

type Named = { readonly id: string };

/** All but the longest row of steps that stand in the same order in both (patience sorting). */
function movedOf(before: readonly Named[], after: readonly Named[]): string[] {
  const places = new Map(before.map(({ id }, place) => [id, place]));
  const kept = after.flatMap(({ id }) => {
    const place = places.get(id);
    return place === undefined ? [] : [{ id, place }];
  });
  /** Of each length, the row that ends with the smallest place: that place, and where it is in `kept`. */
  const ends: { place: number; at: number }[] = [];
  const earlier = kept.map(({ place }, at) => {
    const length = firstBeyond(ends, place);
    ends[length] = { place, at };
    return ends[length - 1]?.at;
  });
  const standing = new Set<string>();
  for (let at = ends.at(-1)?.at; at !== undefined; at = earlier[at]) standing.add(kept[at]?.id ?? '');
  return kept.flatMap(({ id }) => (standing.has(id) ? [] : [id]));
}

/** The first of the ends, which grow, that lies beyond a place; their number when none does. */
function firstBeyond(ends: readonly { place: number }[], place: number): number {
  let [from, to] = [0, ends.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if ((ends[middle]?.place ?? 0) > place) to = middle;
    else from = middle + 1;
  }
  return from;
}

function plain({ idx: _, ...step }: Plan['steps'][number]): JsonObject {
  return step as unknown as JsonObject;
}

/**
 * Every place in which two values differ, the outermost that says it all: text is compared whole, a list by its places, or by
 * the ids of its elements where all of them have one (verifiers, compensations).
 */
export function differencesOf(before: JsonValue, after: JsonValue, path = ''): Difference[] {
  if (isBranch(before) && isBranch(after) && Array.isArray(before) === Array.isArray(after)) {
    const byId = idsOf(before) !== undefined && idsOf(after) !== undefined;
    const [was, is] = [membersOf(before, byId), membersOf(after, byId)];
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

function membersOf(value: JsonObject | JsonValue[], byId: boolean): Map<string, JsonValue | undefined> {
  const ids = byId ? idsOf(value) : undefined;
  return new Map(ids?.map((id, place) => [id, (value as JsonValue[])[place]]) ?? Object.entries(value));
}

/** The ids of the elements of a list in which each has one of its own. */
function idsOf(value: JsonObject | JsonValue[]): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const ids = value.flatMap((element) => {
    const id = isBranch(element) && !Array.isArray(element) ? element['id'] : undefined;
    return typeof id === 'string' ? [id] : [];
  });
  return ids.length === value.length && new Set(ids).size === ids.length ? ids : undefined;
}

const MOST_NAMED = 5;

/** What changed, in words: `steps release, build`, `its target`. Empty: nothing that is compared. */
export function diffWords({ plan, steps }: Pick<PlanDiff, 'plan' | 'steps'>): string {
  const named = steps.map(({ id, change }) => (change === 'changed' ? id : `${id} (${change})`));
  const more = named.length > MOST_NAMED ? ` and ${named.length - MOST_NAMED} more` : '';
  const stepWords = `${named.length === 1 ? 'step' : 'steps'} ${named.slice(0, MOST_NAMED).join(', ')}${more}`;
  const members = [...new Set(plan.map(({ path }) => path.split('.')[0] ?? ''))];
  return [...(named.length > 0 ? [stepWords] : []), ...(members.length > 0 ? [`its ${members.join(', ')}`] : [])].join(
    '; ',
  );
}
