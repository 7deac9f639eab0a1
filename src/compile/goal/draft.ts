import type { JsonObject, JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import type { LanguageModel } from '#models/model.js';
import { type Compiled, compilePlan } from '../compile.js';
import type { Contracts } from '../contracts.js';
import { PlanProblems } from '../problems.js';
import { yaml } from '../yaml-library.js';
import { answerSchema, type DraftAnswer, partsOf } from './answer.js';
import { composePlan, type Part } from './compose.js';
import type { DraftTemplate, DraftTool } from './grounds.js';
import { draftPrompt } from './prompt.js';
import { inputName } from './target.js';
import { matchGoal } from './words.js';

export interface DraftPorts {
  readonly contracts: Contracts;
  readonly templates: readonly DraftTemplate[];
  readonly tools: readonly DraftTool[];
  /** Undefined: none is configured, and words decide. */
  readonly model: LanguageModel | undefined;
  readonly signal: AbortSignal;
}

/** By whom something was decided; `template`: it stands in a template so. */
export type Basis = 'rule' | 'model' | 'asked' | 'template';

export interface Draft {
  readonly basis: 'rule' | 'model';
  readonly title: string;
  /** Null: nothing came of it that compiles. */
  readonly text: string | null;
  readonly compiled: Compiled | null;
  readonly steps: readonly {
    readonly id: string;
    readonly from: 'rule' | 'model';
    readonly because: string;
    /** It stands so in a template. */
    readonly isTemplate: boolean;
  }[];
  readonly inputs: readonly {
    readonly name: string;
    readonly from: Basis;
    readonly value: JsonValue;
    readonly question: string;
  }[];
  readonly questions: readonly string[];
  /** How often the model was told what was wrong. */
  readonly repairs: number;
  /** What the compiler said last, where nothing compiles. */
  readonly problem: string | null;
}

const MOST_REPAIRS = 2;

/**
 * A plan for a goal, from registered templates and tools alone. With a model it chooses, and is told at most twice what the compiler
 * says to its answer; without one the words of the goal choose among templates. It is a draft: nothing is run here.
 * @param goal in the reader's words; `document`: what it is about, a stranger's text
 * @throws OpsroomError MODEL_FAILED
 */
export async function draftPlan(
  of: { goal: string; document?: string | undefined },
  ports: DraftPorts,
): Promise<Draft> {
  return ports.model === undefined ? byWords(of.goal, ports) : byModel(of, ports, ports.model);
}

function byWords(goal: string, { contracts, templates }: DraftPorts): Draft {
  const { matches, unclear } = matchGoal(goal, templates);
  const parts = matches.flatMap(({ template, inputs }, at): Part[] => {
    const plan = templates.find(({ name }) => name === template)?.plan;
    const before = at === 0 ? [] : [prefixAt(at - 1)];
    return plan === undefined ? [] : [{ prefix: prefixAt(at), plan, inputs, after: before, isTemplate: true }];
  });
  const questions = unclear.map((clause) => `No template is clearly meant by "${clause}". Which one, or which steps?`);
  if (parts.length === 0) return nothing('rule', goal, { questions, problem: null, repairs: 0 });
  const found = {
    questions,
    reasons: matches.map(({ words, template }) => `"${words.join(' ')}" names the template ${template}`),
  };
  try {
    return drafted('rule', { title: goal, parts }, found, contracts);
  } catch (error) {
    if (!(error instanceof OpsroomError)) throw error;
    return nothing('rule', goal, { questions, problem: problemText(error), repairs: 0 });
  }
}

/** `p1` for the first. */
const prefixAt = (at: number): string => `p${at + 1}`;

async function byModel(
  of: { goal: string; document?: string | undefined },
  ports: DraftPorts,
  model: LanguageModel,
): Promise<Draft> {
  const { templates, tools, contracts, signal } = ports;
  const grounds = { templates: templates.map(({ name }) => name), tools: tools.map(({ id }) => id) };
  const schema = answerSchema(grounds);
  const plans = new Map(templates.map(({ name, plan }) => [name, plan]));
  let before: { text: string; problem: string } | undefined;
  for (let repairs = 0; ; repairs++) {
    const prompt = draftPrompt({ goal: of.goal, document: of.document, templates, tools, before });
    const answer = await model.ask({ prompt, schema, schemaName: 'draft', signal });
    try {
      const value = answer.value ?? refuse(answer.text, schema);
      const parts = partsOf(value, plans);
      const reasons = value.parts.map(
        ({ template, tool }) =>
          `${model.model} chose ${template === null ? `the tool ${tool}` : `the template ${template}`}`,
      );
      return {
        ...drafted('model', { title: value.title, parts }, { questions: value.questions, reasons }, contracts),
        repairs,
      };
    } catch (error) {
      if (!(error instanceof OpsroomError)) throw error;
      const problem = problemText(error);
      if (repairs >= MOST_REPAIRS) return nothing('model', of.goal, { questions: [], problem, repairs });
      before = { text: answer.text.slice(0, MOST_TEXT), problem };
    }
  }
}

/** All that the compiler found, so that one answer can mend it. */
function problemText(error: OpsroomError): string {
  if (!(error instanceof PlanProblems)) return error.message;
  const places = error.problems.slice(0, MOST_NAMED);
  return places.map(({ step, what, mend }) => `${step === undefined ? '' : `${step}: `}${what}. ${mend}`).join('; ');
}

const MOST_NAMED = 10;
const MOST_TEXT = 20_000;

/** Says what is wrong with an answer that is not of the schema. */
function refuse(text: string, schema: ReturnType<typeof answerSchema>): DraftAnswer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new OpsroomError('PLAN_INVALID', { what: 'The answer is not JSON' });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new OpsroomError('PLAN_INVALID', {
    what: `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'It is wrong'}`,
  });
}

interface Found {
  readonly questions: readonly string[];
  /** Of each part, why it is there. */
  readonly reasons: readonly string[];
}

/** @throws PlanProblems; OpsroomError PLAN_INVALID */
function drafted(
  basis: 'rule' | 'model',
  of: { title: string; parts: readonly Part[] },
  found: Found,
  contracts: Contracts,
): Draft {
  const value = composePlan(of.title, of.parts);
  const compiled = compilePlan({ value }, contracts);
  const because = new Map(of.parts.map(({ prefix }, at) => [prefix, found.reasons[at] ?? '']));
  const templates = new Set(of.parts.flatMap(({ prefix, isTemplate }) => (isTemplate ? [prefix] : [])));
  const given = new Set(
    of.parts.flatMap(({ prefix, inputs }) => Object.keys(inputs).map((name) => inputName(prefix, name))),
  );
  const facts = inputFacts(value, basis, given);
  const asked = facts.filter(({ from }) => from === 'asked').map(({ question }) => question);
  return {
    basis,
    title: compiled.plan.title,
    text: yaml().stringify(value, { lineWidth: 120 }),
    compiled,
    steps: compiled.plan.steps.map(({ id }) => {
      const [part = ''] = id.split('_');
      return { id, from: basis, because: because.get(part) ?? '', isTemplate: templates.has(part) };
    }),
    inputs: facts,
    questions: [...found.questions, ...asked],
    repairs: 0,
    problem: null,
  };
}

function inputFacts(value: JsonObject, basis: 'rule' | 'model', given: ReadonlySet<string>): Draft['inputs'] {
  const schema = value['inputSchema'] as JsonObject;
  const values = value['inputs'] as JsonObject;
  const required = new Set(schema['required'] as string[]);
  return Object.entries(schema['properties'] as JsonObject).map(([name, property]) => {
    const { default: usual = null, description = '' } = property as JsonObject;
    if (given.has(name)) return { name, from: basis, value: values[name] ?? null, question: '' };
    if (!required.has(name) || usual !== null) return { name, from: 'template', value: usual, question: '' };
    const what = typeof description === 'string' ? description : '';
    return { name, from: 'asked', value: null, question: `${name}${what === '' ? '' : ` (${what})`}?` };
  });
}

function nothing(
  basis: 'rule' | 'model',
  title: string,
  left: Pick<Draft, 'questions' | 'problem' | 'repairs'>,
): Draft {
  return { basis, title, text: null, compiled: null, steps: [], inputs: [], ...left };
}
