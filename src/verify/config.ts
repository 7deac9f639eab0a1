import type { z } from 'zod';
import type { CallContext, CheckInput, CheckResult, VerifierContract, VerifierKind } from '#ir/calls.js';
import { OpsroomError } from '#kit/errors.js';
import { issueWords } from '#kit/form-words.js';
import { inconclusive } from './evidence.js';

/** What a kind is made of: its contract, and a check that gets the validated config and may throw. */
export interface KindDefinition<C> {
  readonly contract: Omit<VerifierContract, 'config'>;
  readonly config: z.ZodType<C>;
  check(config: C, input: CheckInput, context: CallContext): Promise<CheckResult>;
}

/** Validates the rendered config and turns whatever is thrown into a look that could not be made. */
export function verifierKind<C>(definition: KindDefinition<C>): VerifierKind {
  const { contract, config: schema } = definition;
  return {
    contract: { ...contract, config: schema as unknown as VerifierContract['config'] },
    async check(input, context) {
      const config = schema.safeParse(input.config);
      if (!config.success) {
        // Paths and rules, never values: a config may hold secrets.
        const problems = config.error.issues.map((issue) => issueWords(issue.path.join('.') || 'config', issue));
        return inconclusive(`The config of the verifier is wrong: ${problems.join('; ')}`, { problems });
      }
      try {
        return await definition.check(config.data, input, context);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return inconclusive(`The check could not be made: ${message}`, {
          error: error instanceof OpsroomError ? error.code : 'INTERNAL',
        });
      }
    },
  };
}
