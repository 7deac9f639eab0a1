import { OpsroomError } from '#kit/errors.js';
import { type Compiled, compilePlan, type StepPlace } from '../compile.js';
import type { Contracts } from '../contracts.js';
import { PlanProblems, type Problem } from '../problems.js';
import type { Explanation } from '../runbook/assemble/explain.js';
import { type Assembled, assemble } from './assemble.js';
import { type Bundle, type BundleFile, isWorkflow, readBundle } from './bundle.js';
import { circleProblem, type Flag, flagsOf } from './flags.js';
import { graphOf } from './graph.js';
import type { Doer, Terms } from './hand-over.js';
import type { PullRequest } from './offer.js';
import { readSpecification } from './scenarios.js';
import type { TaskList } from './task.js';
import { readTasks } from './tasks.js';
import { compileWorkflow } from './workflow/workflow.js';

export interface SpecKitInput {
  readonly files: readonly BundleFile[];
  /** Who does the tasks; by default a person. */
  readonly doer?: Doer;
  /** A program and its arguments that must end with exit code 0 after each task that is handed over; they follow each other then. */
  readonly check?: Terms['check'];
  /** The plan ends with a pull request for what the tasks came to. */
  readonly pullRequest?: PullRequest | undefined;
  /** Tasks that are ticked become steps, too. */
  readonly all?: boolean | undefined;
  /** What is only flagged otherwise is refused: ids given twice, dependencies on nothing, contradictions. */
  readonly strict?: boolean | undefined;
}

export interface CompiledSpecKit extends Compiled {
  readonly explanation: Explanation;
  readonly bundle: Bundle;
}

/**
 * A Spec Kit bundle, or a workflow file alone, as a plan, with the line and the rule of each of its steps.
 *
 * @throws PlanProblems with the lines of the task list: PLAN_CYCLE; with `strict` SPECKIT_FLAGGED; OpsroomError SPECKIT_NONE,
 * SPECKIT_SEVERAL, SPECKIT_EMPTY, PLAN_TOO_LARGE, PLAN_UNREADABLE
 */
export function compileSpecKit(input: SpecKitInput, contracts: Contracts): CompiledSpecKit {
  const [only, ...others] = input.files;
  const { check, pullRequest } = input;
  if (only !== undefined && others.length === 0 && isWorkflow(only)) {
    refuseTerms(input, only.path);
    return { ...compileWorkflow(only, input.doer, contracts), bundle: { tasks: only, spec: undefined, context: [] } };
  }
  if (check !== undefined && input.doer === undefined) {
    const what = 'A program judges what a program or an agent did; a person who does a task says so.';
    throw new OpsroomError('USAGE', { what, mend: 'Say who does the tasks as well: --with PROGRAM.' });
  }
  const bundle = readBundle(input.files);
  const file = bundle.tasks.path;
  const list = readTasks(bundle.tasks.text, file);
  const graph = graphOf(list);
  refuse(graph.circles.map((circle) => circleProblem(circle, list, file)));
  const specification = bundle.spec === undefined ? undefined : readSpecification(bundle.spec.text);
  const all = input.all === true;
  const assembled = assemble({ bundle, list, graph, specification, doer: input.doer, check, pullRequest, all });
  if (assembled.steps.size === 0) refuseEmpty(list, file);
  const flags = flagsOf(list, graph, assembled.order);
  if (input.strict === true) refuse(flags.map((flag) => flagProblem(flag, file)));
  const compiled = compileAssembled(assembled, file, contracts);
  const warnings = flags.map(({ line, text }) => `${file}:${line}: ${text}`);
  return {
    ...compiled,
    bundle,
    warnings: [...warnings, ...compiled.warnings],
    source: new Map([...assembled.places].map(([step, place]): [string, StepPlace] => [step, { ...place, column: 1 }])),
    explanation: { ...assembled.explanation, warnings },
  };
}

/** A workflow says itself what is done after its steps. */
function refuseTerms({ check, pullRequest }: SpecKitInput, where: string): void {
  if (check === undefined && pullRequest === undefined) return;
  const what = 'A check after each task, and a pull request at the end, are for lists of tasks.';
  throw new OpsroomError('USAGE', { what, where, mend: 'Leave them out, or name a folder with a tasks.md in it.' });
}

function flagProblem({ line, text }: Flag, file: string): Problem {
  return { code: 'SPECKIT_FLAGGED', file, line, what: text, mend: 'Mend the task list, or compile without --strict.' };
}

function refuse(problems: readonly Problem[]): void {
  const [first, ...rest] = problems;
  if (first !== undefined) throw new PlanProblems([first, ...rest]);
}

function refuseEmpty({ tasks }: TaskList, file: string): never {
  const what =
    tasks.length === 0
      ? 'There is no line in it that is a task: `- [ ] T001 What is to be done`.'
      : `All of its ${tasks.length} tasks are ticked or struck out.`;
  throw new OpsroomError('SPECKIT_EMPTY', { what, where: file });
}

/** What is wrong with the plan is told at the lines of the task list. */
function compileAssembled({ value, places }: Assembled, file: string, contracts: Contracts): Compiled {
  try {
    return compilePlan({ value }, contracts);
  } catch (error) {
    if (!(error instanceof PlanProblems)) throw error;
    refuse(
      error.problems.map((problem): Problem => {
        const place = problem.step === undefined ? undefined : places.get(problem.step);
        return { ...problem, file: place?.file ?? file, ...(place === undefined ? {} : { line: place.line }) };
      }),
    );
    throw error;
  }
}
