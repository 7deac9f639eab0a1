import { RUN_FIELDS, VARIABLES, type Variable } from './cel-language.js';
import { ExpressionProblem, type Parsed, parseExpression, type Reference } from './cel-parse.js';
import { ancestry } from './dag.js';
import { inputNames, typeChecker } from './input-types.js';
import type { JsonValue } from './json.js';
import type { Plan, Step } from './plan.js';
import { type LiteralPaths, planSites, type Site } from './sites.js';
import { didYouMean } from './suggest.js';
import { hasTemplate, parseTemplate, type TemplatePart, UnclosedExpression } from './template.js';

export interface PlanExpressionProblem {
  readonly step: string | undefined;
  /** From the step, or from the plan when there is no step. */
  readonly path: readonly (string | number)[];
  readonly what: string;
  readonly mend: string;
  /** The text within the value that is meant. */
  readonly find?: string;
}

export interface ExpressionReport {
  readonly problems: readonly PlanExpressionProblem[];
  /** Names, sorted. */
  readonly secrets: readonly string[];
  readonly env: readonly string[];
}

const MEND = 'Correct the expression; docs/expressions.md lists what there is.';
const STEP_FIELDS = ['output', 'outputs', 'status'];
const OWN_FIELDS = ['id', 'key', 'attempt', 'startedAt'];

/**
 * Checks every expression of a plan without running it: syntax, names, types as far as `inputSchema` tells them, and
 * that a step reads only steps that must have ended before it. The DAG must have been checked before.
 */
export function checkPlanExpressions(plan: Plan, literal: LiteralPaths): ExpressionReport {
  const checker = new Checker(plan);
  for (const site of planSites(plan, literal)) checker.check(site);
  return { problems: checker.problems, secrets: [...checker.secrets].sort(), env: [...checker.env].sort() };
}

class Checker {
  readonly problems: PlanExpressionProblem[] = [];
  readonly secrets = new Set<string>();
  readonly env = new Set<string>();
  readonly #steps: ReadonlyMap<string, Step>;
  readonly #inputs: readonly string[] | undefined;
  readonly #isAncestor: (ancestor: string, step: string) => boolean;
  readonly #typeOf: (source: string) => { type: string } | { error: string };

  constructor(plan: Plan) {
    this.#steps = new Map(plan.steps.map((step) => [step.id, step]));
    this.#inputs = inputNames(plan);
    this.#isAncestor = ancestry(plan.steps);
    this.#typeOf = memoisedTypes(plan);
  }

  check(site: Site): void {
    if (site.form === 'bare' && typeof site.value === 'string') this.#bare(site, site.value);
    else this.#value(site, site.value, []);
  }

  #value(site: Site, value: JsonValue, path: readonly (string | number)[]): void {
    if (typeof value === 'string') {
      if (hasTemplate(value)) this.#template(site, value, path);
    } else if (Array.isArray(value)) {
      for (const [i, element] of value.entries()) this.#value(site, element, [...path, i]);
    } else if (value !== null && typeof value === 'object') {
      for (const key of Object.keys(value)) this.#value(site, value[key] ?? null, [...path, key]);
    }
  }

  #bare(site: Site, text: string): void {
    if (!hasTemplate(text)) return this.#expression(site, text, [], site.wants);
    const parts = this.#parts(site, text.trim(), []);
    const [only] = parts;
    if (only?.type === 'expression' && parts.length === 1) return this.#expression(site, only.source, [], site.wants);
    if (parts.length > 0)
      this.#problem(site, [], 'must be one expression', 'Write it without braces, or as one {{ }}.', text);
  }

  #template(site: Site, text: string, path: readonly (string | number)[]): void {
    const parts = this.#parts(site, text, path);
    const expressions = parts.filter((part) => part.type === 'expression');
    if (expressions.length > 0 && isLiteral(site.literal, path)) {
      const mend = 'Hand the value over by `env:` (shell) or `params:` (sql). For a literal "{{" write "{{{{".';
      return this.#problem(site, path, 'an interpreter reads this text, so no {{ }} may stand in it', mend, '{{');
    }
    for (const { source } of expressions) this.#expression(site, source, path, parts.length > 1 ? 'text' : undefined);
  }

  #parts(site: Site, text: string, path: readonly (string | number)[]): TemplatePart[] {
    try {
      return parseTemplate(text);
    } catch (error) {
      if (!(error instanceof UnclosedExpression)) throw error;
      this.#problem(site, path, error.message, 'Close it, or write "{{{{" for a literal "{{".', '{{');
      return [];
    }
  }

  #expression(site: Site, source: string, path: readonly (string | number)[], wants: Wanted | undefined): void {
    const parsed = this.#parse(site, source, path);
    if (parsed === undefined) return;
    const report = (what: string, mend = MEND) => this.#problem(site, path, `{{${source}}}: ${what}`, mend, source);
    const before = this.problems.length;
    for (const reference of parsed.references) this.#reference(site, reference, report);
    if (this.problems.length > before) return;
    const found = this.#typeOf(source);
    if ('error' in found) report(found.error);
    else if (wants !== undefined && !fits(found.type, wants))
      report(`it is ${found.type}, but must be ${WANTED[wants]}`);
  }

  #parse(site: Site, source: string, path: readonly (string | number)[]): Parsed | undefined {
    try {
      return parseExpression(source);
    } catch (error) {
      if (!(error instanceof ExpressionProblem)) throw error;
      this.#problem(site, path, `{{${source}}}: ${error.message}`, MEND, source.slice(error.at).trim() || source);
      return undefined;
    }
  }

  #reference(site: Site, reference: Reference, report: (what: string, mend?: string) => void): void {
    const [root = '', name] = reference.path;
    const variable = VARIABLES.find((known) => known === root);
    if (variable === undefined) return report(`there is no "${root}" here`, didYouMean(root, site.variables));
    if (!site.variables.includes(variable)) return report(`"${root}" is not available here`, whyNotHere(variable));
    if (variable === 'steps') return this.#stepReference(site, reference, report);
    if (variable === 'inputs' && name !== undefined && this.#inputs?.includes(name) === false) {
      return report(
        `there is no input "${name}"`,
        `${didYouMean(name, this.#inputs)} Inputs are declared in inputSchema.`,
      );
    }
    if (variable === 'run' && name !== undefined && !RUN_FIELDS.some((field) => field === name))
      return report(`"run" has no "${name}"`, didYouMean(name, RUN_FIELDS));
    if (variable === 'step') return this.#ownReference(site, name, report);
    if (variable === 'secrets' || variable === 'env') this.#named(variable, reference, report);
  }

  #ownReference(site: Site, name: string | undefined, report: (what: string, mend?: string) => void): void {
    if (name === undefined) return report('"step" needs a field', didYouMean('', OWN_FIELDS));
    if (!OWN_FIELDS.includes(name)) return report(`"step" has no "${name}"`, didYouMean(name, OWN_FIELDS));
    if (name === 'startedAt' && !site.afterTool)
      report('"step.startedAt" is not known here', 'It is known in verifiers, outputs and artefacts.');
  }

  #named(
    variable: 'secrets' | 'env',
    { path, dynamic }: Reference,
    report: (what: string, mend?: string) => void,
  ): void {
    const name = path[1];
    if (name !== undefined && (path.length > 2 || dynamic === true))
      return report(`"${variable}.${name}" is text`, MEND);
    if (name === undefined)
      return report(
        `"${variable}" needs a name`,
        `Write ${variable}.NAME: which ones are needed must be known before the run.`,
      );
    this[variable].add(name);
  }

  #stepReference(site: Site, { path }: Reference, report: (what: string, mend?: string) => void): void {
    const [, id, field, ...rest] = path;
    if (id === undefined)
      return report('"steps" needs the id of a step', 'Write steps.ID.output, or steps["ID"].output.');
    const step = this.#steps.get(id);
    if (step === undefined) return report(`there is no step "${id}"`, this.#unknownStep(id));
    if (!this.#sees(site, id))
      return report(`step "${id}" need not have ended before`, `Add "${id}" to dependsOn of "${site.step}".`);
    if (field !== undefined && !STEP_FIELDS.includes(field))
      return report(`a step has no "${field}"`, didYouMean(field, STEP_FIELDS));
    const [name] = rest;
    if (field === 'status' || name === undefined || step.outputs === undefined || step.forEach !== undefined) return;
    if (!Object.hasOwn(step.outputs, name))
      report(`step "${id}" has no output "${name}"`, didYouMean(name, Object.keys(step.outputs)));
  }

  /** `steps.my-step` is a subtraction in CEL. */
  #unknownStep(id: string): string {
    const ids = [...this.#steps.keys()];
    const longer = ids.find((known) => known.startsWith(`${id}-`));
    return longer === undefined ? didYouMean(id, ids) : `An id with "-" is written steps["${longer}"].`;
  }

  #sees(site: Site, id: string): boolean {
    if (site.sees === 'all' || site.step === undefined) return true;
    return (site.sees === 'self' && id === site.step) || this.#isAncestor(id, site.step);
  }

  #problem(site: Site, path: readonly (string | number)[], what: string, mend: string, find: string): void {
    this.problems.push({ step: site.step, path: [...site.path, ...path], what, mend, find: find.trim() });
  }
}

type Wanted = 'bool' | 'list' | 'text';
const WANTED: Readonly<Record<Wanted, string>> = {
  bool: 'true or false',
  list: 'a list',
  text: 'text, a number or a boolean to stand inside text',
};

function fits(type: string, wanted: Wanted): boolean {
  if (type === 'dyn') return true;
  if (wanted === 'list') return type.startsWith('list');
  return wanted === 'bool' ? type === 'bool' : ['string', 'int', 'double', 'bool'].includes(type);
}

function whyNotHere(variable: Variable): string {
  switch (variable) {
    case 'secrets':
      return 'Secrets may stand only in args, preconditions and verifiers: anything else is kept in the ledger.';
    case 'item':
    case 'index':
      return 'It exists only in a step with forEach.';
    case 'output':
    case 'outputs':
      return 'It exists once the tool has run: in verifiers, outputs and a rollback without alsoUndoes. For another step write steps.ID.output.';
    case 'step':
      return 'It exists once the step has started: in args, verifiers, outputs and rollback.';
    default:
      return 'Only what is known at that moment can be used.';
  }
}

function isLiteral(literal: readonly string[], path: readonly (string | number)[]): boolean {
  return literal.some((name) => name.split('.').every((part, i) => String(path[i]) === part));
}

/** Each distinct expression is checked once per plan: ten thousand steps often share a few. */
function memoisedTypes(plan: Plan): (source: string) => { type: string } | { error: string } {
  const checker = typeChecker(plan);
  const known = new Map<string, { type: string } | { error: string }>();
  return (source) => {
    const before = known.get(source);
    if (before !== undefined) return before;
    const { valid, type, error } = checker.check(source);
    const result = valid && type !== undefined ? { type } : { error: error?.summary ?? 'its types do not fit' };
    known.set(source, result);
    return result;
  };
}
