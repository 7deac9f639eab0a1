import type { JsonSchema } from '#ir/json.js';
import { type Cedar, CedarTrap } from './cedar.js';
import { type FoundPolicy, type Part, type Policy, policyOf } from './policy.js';
import { detailed, type Problem } from './problem.js';
import type { PolicySource, SourceFile } from './source.js';

/** A set that was parsed and validated. */
export interface PolicySet {
  readonly folder: string;
  readonly digest: string;
  readonly policies: ReadonlyMap<string, Policy>;
  /** File name → the JSON Schema in it. */
  readonly forms: ReadonlyMap<string, JsonSchema>;
  readonly schema: string;
}

/** What the stage cannot know by itself. */
export interface LoadPorts {
  /** Roles that may approve. */
  readonly approvers: readonly string[];
  /** What is wrong with a JSON Schema; undefined when nothing is. */
  formProblem(schema: JsonSchema): string | undefined;
}

/**
 * Parses and validates a set as a whole. Whatever is doubtful is refused: a policy that fails while it is asked is skipped by
 * Cedar, so that a `forbid` would let through what it is there to stop.
 */
export function loadSet(source: PolicySource, cedar: Cedar, ports: LoadPorts): PolicySet | readonly Problem[] {
  const problems: Problem[] = [];
  const forms = readForms(source, ports, problems);
  const known = { approvers: ports.approvers, forms: new Set(source.forms.map(({ name }) => name)) };
  const found: FoundPolicy[] = [];
  for (const file of source.policies) {
    try {
      for (const part of partsOf(file, cedar, problems)) {
        const policy = policyOf(part, file, cedar, known);
        if (Array.isArray(policy)) problems.push(...policy);
        else if ('id' in policy) found.push(policy);
      }
    } catch (error) {
      problems.push(tooDeep(file.name, error));
    }
  }
  problems.push(...twice(found));
  if (problems.length === 0) problems.push(...invalid(found, source, cedar));
  if (problems.length > 0) return problems;
  const policies = new Map(found.map(({ from: _, offset: __, ...policy }) => [policy.id, policy]));
  return { folder: source.folder, digest: source.digest, policies, forms, schema: source.schema.text };
}

function readForms(source: PolicySource, ports: LoadPorts, problems: Problem[]): Map<string, JsonSchema> {
  const forms = new Map<string, JsonSchema>();
  for (const { name, text } of source.forms) {
    try {
      const schema = JSON.parse(text) as JsonSchema;
      const problem =
        typeof schema === 'object' && schema?.['type'] === 'object' ? ports.formProblem(schema) : NO_OBJECT;
      if (problem === undefined) forms.set(name, schema);
      else problems.push({ file: name, message: `The form cannot be used: ${problem}.`, mend: FORM_MEND });
    } catch (error) {
      const message = `The form is no JSON: ${(error as Error).message}.`;
      problems.push({ file: name, message, mend: 'Correct the syntax.' });
    }
  }
  return forms;
}

const NO_OBJECT = 'its `type` is not `object`';
const FORM_MEND = 'Write a JSON Schema (2020-12) of an object: what an approver fills in are its properties.';

/** The texts of the policies in a file, each with its place. */
function partsOf(file: SourceFile, cedar: Cedar, problems: Problem[]): Part[] {
  const parts = cedar.use((engine) => engine.policySetTextToParts(file.text));
  if (parts.type === 'failure') {
    problems.push(...parts.errors.map((error) => detailed(error, file, 0)));
    return [];
  }
  if (parts.policy_templates.length > 0) {
    const message = 'The file holds a template (`?principal`, `?resource`), and nothing here fills templates in.';
    problems.push({ file: file.name, message, mend: 'Name who is meant: principal == Agent::"gpt".' });
  }
  const after = new Map<string, number>();
  const offsetOf = (text: string): number => {
    const at = file.text.indexOf(text, after.get(text) ?? 0);
    after.set(text, at + 1);
    return Buffer.byteLength(file.text.slice(0, at));
  };
  // The engine sorts them by numbers that it gives them itself, as text: 10 before 2.
  return parts.policies.map((text) => ({ text, offset: offsetOf(text) })).toSorted((a, b) => a.offset - b.offset);
}

function twice(found: readonly FoundPolicy[]): Problem[] {
  const first = new Map<string, FoundPolicy>();
  return found.flatMap((policy) => {
    const other = first.get(policy.id);
    first.set(policy.id, other ?? policy);
    if (other === undefined) return [];
    const message = `There are two policies "${policy.id}": the other is in ${other.file}, line ${other.line}.`;
    return [{ file: policy.file, line: policy.line, policy: policy.id, message, mend: 'Give one another @id.' }];
  });
}

/** What the schema says against the policies. Its warnings (never applies, letters that look like others) are refusals too. */
function invalid(found: readonly FoundPolicy[], { schema }: PolicySource, cedar: Cedar): Problem[] {
  const staticPolicies = Object.fromEntries(found.map(({ id, text }) => [id, text]));
  try {
    const answer = cedar.use((engine) => engine.validate({ schema: schema.text, policies: { staticPolicies } }));
    if (answer.type === 'failure') return answer.errors.map((error) => detailed(error, schema, 0));
    return [...answer.validationErrors, ...answer.validationWarnings].flatMap(({ policyId, error }) => {
      const policy = found.find(({ id }) => id === policyId);
      return policy ? [{ ...detailed(error, policy.from, policy.offset), policy: policyId }] : [];
    });
  } catch (error) {
    return [tooDeep(found[0]?.file ?? schema.name, error)];
  }
}

function tooDeep(file: string, error: unknown): Problem {
  if (!(error instanceof CedarTrap)) throw error;
  return { file, message: 'It is nested too deeply to be read.', mend: 'Split its conditions into several policies.' };
}
