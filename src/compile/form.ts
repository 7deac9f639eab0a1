import type { z } from 'zod';
import type { JsonObject, JsonValue } from '#ir/json.js';
import {
  planSchema,
  preconditionSchema,
  retryPolicySchema,
  rollbackStepSchema,
  stepSchema,
  targetSchema,
  verifierSchema,
} from '#ir/plan.js';
import { didYouMean } from '#ir/suggest.js';
import { issueWords, unionWords } from '#kit/form-words.js';
import type { Path } from './yaml.js';

/** What does not fit a schema, before it is given a place in the file. */
export interface FormProblem {
  readonly path: Path;
  readonly what: string;
  readonly mend: string;
}

export interface Form {
  /** Undefined when more than unknown fields is wrong. */
  readonly plan: z.output<typeof planSchema> | undefined;
  readonly problems: readonly FormProblem[];
}

const MEND = 'Compare it with `opsroom schema` or docs/plans.md.';

/** Reads a value as a plan. Unknown fields are told and then left out, so that the rest can still be checked. */
export function readForm(value: JsonValue): Form {
  const first = planSchema.safeParse(value);
  if (first.success) return { plan: first.data, problems: [] };
  const problems = issueProblems(first.error.issues, planFields);
  const known = withoutUnknown(value, first.error.issues);
  const second = planSchema.safeParse(known);
  return { plan: second.success ? second.data : undefined, problems };
}

type Issue = z.core.$ZodIssue;

/** One problem per issue, and one per unknown key. `fieldsAt` lists the fields an object at a path may have. */
export function issueProblems(
  issues: readonly Issue[],
  fieldsAt: (path: Path) => readonly string[] | undefined,
): FormProblem[] {
  return issues.flatMap((issue): FormProblem[] => {
    const path = issue.path.filter((part) => typeof part !== 'symbol');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: [...path, key],
        what: `${named(path)} has no field "${key}"`,
        mend: didYouMeanOr(key, fieldsAt(path)),
      }));
    }
    if (issue.code === 'invalid_union') return issueProblems(closestBranch(issue.errors, path), fieldsAt).slice(0, 5);
    return [{ path, what: issueWords(named(path), issue), mend: MEND }];
  });
}

/** What other systems call a field: no letters lead from theirs to ours. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  retries: ['retryPolicy', 'retry'],
  needs: ['dependsOn'],
  when: ['if'],
  with: ['args'],
  loop: ['forEach'],
};

function didYouMeanOr(key: string, fields: readonly string[] | undefined): string {
  if (fields === undefined) return MEND;
  const ours = Object.hasOwn(ELSEWHERE, key) ? ELSEWHERE[key]?.find((name) => fields.includes(name)) : undefined;
  return didYouMean(ours ?? key, fields);
}

/** Of the branches of a union, the one that came furthest: it says best what was meant. */
function closestBranch(branches: readonly (readonly Issue[])[], path: Path): Issue[] {
  const depth = (branch: readonly Issue[]) =>
    Math.max(0, ...branch.map((issue) => (issue.code === 'unrecognized_keys' ? 1 : issue.path.length)));
  const sorted = [...branches].sort((a, b) => depth(b) - depth(a));
  const [best = []] = sorted;
  if (depth(best) === 0) {
    return [{ code: 'custom', path: [...path], message: unionWords(branches), params: {} }];
  }
  return best.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
}

/** `steps[2].args.url`, or "the plan". */
export function named(path: Path): string {
  if (path.length === 0) return 'the plan';
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  plan: Object.keys(planSchema.shape),
  steps: Object.keys(stepSchema.shape),
  rollback: Object.keys(rollbackStepSchema.shape),
  verifiers: Object.keys(verifierSchema.shape),
  preconditions: Object.keys(preconditionSchema.options[1].shape),
  target: Object.keys(targetSchema.shape),
  retryPolicy: Object.keys(retryPolicySchema.shape),
  retry: Object.keys(retryPolicySchema.shape),
};

/** The fields of the object at a path of a plan, by the last name on it. */
function planFields(path: Path): readonly string[] | undefined {
  const name = path.findLast((part) => typeof part === 'string');
  return FIELDS[name ?? 'plan'];
}

function withoutUnknown(value: JsonValue, issues: readonly Issue[]): JsonValue {
  const copy = structuredClone(value);
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const holder = issue.path.reduce<JsonValue | undefined>((at, part) => descend(at, part), copy);
    if (isObject(holder)) for (const key of issue.keys) delete holder[key];
  }
  return copy;
}

function descend(value: JsonValue | undefined, part: PropertyKey): JsonValue | undefined {
  if (Array.isArray(value)) return value[Number(part)];
  return isObject(value) && Object.hasOwn(value, part) ? value[String(part)] : undefined;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
