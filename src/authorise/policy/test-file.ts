import { parseDocument } from 'yaml';
import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import type { Decision } from '../decision.js';
import type { PolicyEngine } from './engine.js';
import { questionFrom, questionSchema } from './example.js';
import type { SourceFile } from './source.js';

/** `policies/tests/*.yaml`: who asks for what, and what is expected to be said. */
const testFile = z.strictObject({
  tests: z
    .array(
      z.strictObject({
        test: z.string().min(1).max(300),
        ...questionSchema.shape,
        expect: z.enum(['allow', 'deny', 'needs_approval']),
        /** Exactly these decide, in any order; left out: whichever. */
        policies: z.array(z.string()).optional(),
      }),
    )
    .min(1)
    .max(5000),
});
type PolicyTest = z.output<typeof testFile>['tests'][number];

export interface TestOutcome {
  readonly file: string;
  readonly test: string;
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
  /** Why, where it is denied. */
  readonly reason: string | null;
}

export interface TestRun {
  readonly outcomes: readonly TestOutcome[];
  /** Ids of policies that decided in no test. */
  readonly untested: readonly string[];
}

/**
 * Asks a set what test files expect of it.
 * @throws OpsroomError POLICY_INVALID for a file that is no test file
 */
export function runPolicyTests(engine: PolicyEngine, files: readonly SourceFile[]): TestRun {
  const decided = new Set<string>();
  const outcomes = files.flatMap((file) =>
    parseTests(file).map((test) => {
      const decision = engine.decide(questionFrom(questionOf(test)));
      for (const id of decision.policies) decided.add(id);
      return outcomeOf(file.name, test, decision);
    }),
  );
  return { outcomes, untested: [...engine.set.policies.keys()].filter((id) => !decided.has(id)) };
}

function questionOf({ test: _, expect: __, policies: ___, ...question }: PolicyTest) {
  return question;
}

function outcomeOf(file: string, { test, expect, policies }: PolicyTest, decision: Decision): TestOutcome {
  const said = (effect: string, ids: readonly string[]) => [effect, ...(policies ? ids.toSorted() : [])].join(' ');
  const [expected, found] = [said(expect, policies ?? []), said(decision.effect, decision.policies)];
  const reason = decision.effect === 'deny' ? decision.reason : null;
  return { file, test, passed: expected === found, expected, found, reason };
}

function parseTests({ name, text }: SourceFile): readonly PolicyTest[] {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem) throw refusal(problem.message.split('\n')[0] ?? '', `${name}, line ${problem.linePos?.[0].line ?? 1}`);
  const parsed = testFile.safeParse(toJson(document, name));
  if (parsed.success) return parsed.data.tests;
  const [issue] = parsed.error.issues;
  throw refusal(issue?.message ?? 'it is no test file', `${name}, ${issue?.path.join('.') ?? ''}`);
}

function toJson(document: ReturnType<typeof parseDocument>, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    throw refusal((error as Error).message, name);
  }
}

const refusal = (why: string, where: string): OpsroomError =>
  new OpsroomError('POLICY_INVALID', {
    what: `The tests of the policies cannot be read: ${why}.`,
    where,
    mend: 'Compare it with docs/policies.md.',
  });
