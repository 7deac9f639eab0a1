import type { Compiled, StepPlace } from '#compile/compile.js';
import { PlanProblems, type Problem } from '#compile/problems.js';
import type { CompiledRunbook } from '#compile/runbook/runbook.js';
import type { CompiledSpecKit } from '#compile/speckit/speckit.js';
import { asOpsroomError, type ErrorCode, OpsroomError } from '#kit/errors.js';

/** A plan, compiled: with what became of its text when that is no plan by itself. */
export type AnyCompiled = Compiled | CompiledRunbook | CompiledSpecKit;

/** The same as it goes from one thread to another: data alone. */
export type Posted =
  | { readonly compiled: Omit<AnyCompiled, 'source'>; readonly places: ReadonlyMap<string, StepPlace> }
  | { readonly problems: readonly [Problem, ...Problem[]]; readonly count: number }
  | { readonly code: ErrorCode; readonly what: string; readonly where: string | undefined; readonly mend: string };

export function posted({ source, ...compiled }: AnyCompiled): Posted {
  const places = compiled.plan.steps.flatMap(({ id }): [string, StepPlace][] => {
    const place = source.get(id);
    return place === undefined ? [] : [[id, place]];
  });
  return { compiled, places: new Map(places) };
}

export function postedError(thrown: unknown): Posted {
  if (thrown instanceof PlanProblems) return { problems: thrown.problems, count: thrown.count };
  const { code, message, where, mend } = asOpsroomError(thrown);
  const what = where ? message.slice(0, -` (${where})`.length) : message;
  return { code, what, where, mend };
}

/** @throws what was thrown in the other thread */
export function received(said: Posted): AnyCompiled {
  if ('compiled' in said) return { ...said.compiled, source: said.places };
  if ('problems' in said) throw new PlanProblems(said.problems, said.count);
  const { code, what, where, mend } = said;
  throw new OpsroomError(code, { what, mend, ...(where === undefined ? {} : { where }) });
}
