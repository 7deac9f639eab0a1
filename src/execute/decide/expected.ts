import { type ExpectedOutput, expectedOutputsOf } from '#ir/expected-outputs.js';
import { render, type Scope } from '#ir/expressions.js';
import type { JsonValue } from '#ir/json.js';
import type { Plan } from '#ir/plan.js';
import { OpsroomError } from '#kit/errors.js';
import type { Ports } from '../ports.js';

/**
 * Holds the plan's `expectedOutputs` against what its steps put out.
 *
 * @param scope with the outputs of all steps that `readsOf` names
 * @throws OpsroomError VERIFIER_FAILED for the first that is missing or does not fit its schema; PLAN_EXPRESSION for one
 * that does not evaluate
 */
export function requireExpected(
  plan: Pick<Plan, 'expectedOutputs' | 'steps'>,
  scope: Scope,
  mismatch: Ports['schemaMismatch'],
): void {
  for (const expected of expectedOutputsOf(plan)) {
    const { name } = expected;
    if (expected.form === 'expression') {
      if (render(expected.value, scope, `expectedOutputs.${name}`) === null) throw missing(name);
      continue;
    }
    // Nobody can have put it out: the compiler has warned that it cannot be checked.
    if (expected.steps.length === 0) continue;
    const values = valuesOf(expected, scope);
    if (values.length === 0) throw missing(name);
    for (const value of values) {
      const problem = mismatch(expected.schema, value);
      if (problem === undefined) continue;
      const what = `The expected output "${name}" does not fit its schema: ${problem}.`;
      throw new OpsroomError('VERIFIER_FAILED', { what, mend: MEND });
    }
  }
}

const MEND = 'See what the steps put out with `opsroom show RUN`, and correct the step or `expectedOutputs`.';

const missing = (name: string): OpsroomError =>
  new OpsroomError('VERIFIER_FAILED', { what: `The expected output "${name}" is missing.`, mend: MEND });

/** The values of that name, of every step that was done and of every item of a forEach. */
function valuesOf({ name, steps }: Extract<ExpectedOutput, { form: 'schema' }>, scope: Scope): JsonValue[] {
  const outputs = steps.flatMap((id) => scope.steps?.get(id)?.output ?? []);
  return outputs.flatMap((output) => {
    if (output === null || typeof output !== 'object' || Array.isArray(output)) return [];
    const value = output[name];
    return value === undefined ? [] : [value];
  });
}
