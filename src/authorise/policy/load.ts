import type { DetailedError, EntityUidJson, PolicyJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import type { JsonSchema } from '#ir/json.js';
import { ACTIONS, type Action, type ApprovalRule } from '../decision.js';
import { type Announced, type Complaint, readAnnotations } from './annotations.js';
import { type Cedar, CedarTrap } from './cedar.js';
import { mentions } from './expression.js';
import { type Place, placeOf } from './place.js';
import type { PolicySource, SourceFile } from './source.js';

/** One policy of a set that may decide. */
export interface Policy {
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  readonly reason: string;
  /** Where it stands, and its text without the comments before it. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly approval: ApprovalRule | null;
  /** Actions that it may speak of, by its head alone. */
  readonly actions: readonly Action[];
  /** Types of principals that it may speak of, by its head alone; undefined: every one. */
  readonly principals: readonly string[] | undefined;
  /** The ids of the resources that its head names; `each`: it may tell any from any other; empty: it tells none apart. */
  readonly resources: readonly string[] | 'each';
}

/** A set that was parsed and validated. */
export interface PolicySet {
  readonly folder: string;
  readonly digest: string;
  readonly policies: ReadonlyMap<string, Policy>;
  /** File name → the JSON Schema in it. */
  readonly forms: ReadonlyMap<string, JsonSchema>;
  readonly schema: string;
}

/** Why a set cannot be loaded: one thing that is wrong with it. */
export interface Problem extends Complaint, Partial<Place> {
  readonly file: string;
  readonly policy?: string;
}

/** What the stage cannot know by itself. */
export interface LoadPorts {
  /** Roles that may approve. */
  readonly approvers: readonly string[];
  /** What is wrong with a JSON Schema; undefined when nothing is. */
  formProblem(schema: JsonSchema): string | undefined;
}

interface Found extends Policy {
  readonly from: SourceFile;
  /** Where its text begins in the file, in bytes. */
  readonly offset: number;
}

/**
 * Parses and validates a set as a whole. Whatever is doubtful is refused: a policy that fails while it is asked is skipped by
 * Cedar, so that a `forbid` would let through what it is there to stop.
 */
export function loadSet(source: PolicySource, cedar: Cedar, ports: LoadPorts): PolicySet | readonly Problem[] {
  const problems: Problem[] = [];
  const forms = readForms(source, ports, problems);
  const known = { approvers: ports.approvers, forms: new Set(source.forms.map(({ name }) => name)) };
  const found: Found[] = [];
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
function partsOf(file: SourceFile, cedar: Cedar, problems: Problem[]): { text: string; offset: number }[] {
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

type Part = { readonly text: string; readonly offset: number };

function policyOf(
  { text, offset }: Part,
  from: SourceFile,
  cedar: Cedar,
  known: Parameters<typeof readAnnotations>[1],
): Found | Problem[] {
  const answer = cedar.use((engine) => engine.policyToJson(text));
  if (answer.type === 'failure') return answer.errors.map((error) => detailed(error, from, offset));
  const { json } = answer;
  const place = placeOf(from.text, offset);
  const announced = readAnnotations(json.annotations ?? {}, known);
  const complaints = Array.isArray(announced) ? announced : doubts(announced, json);
  const id = json.annotations?.['id'];
  if (complaints.length > 0 || Array.isArray(announced)) {
    return complaints.map((complaint) => ({ file: from.name, ...place, ...(id ? { policy: id } : {}), ...complaint }));
  }
  return {
    ...announced,
    effect: json.effect,
    file: from.name,
    line: place.line,
    text,
    actions: actionsOf(json),
    principals: principalsOf(json),
    resources: resourcesOf(json),
    from,
    offset,
  };
}

/** An approval is a `forbid` that gives way to `context.approved`: both or neither. */
function doubts({ approval }: Announced, { effect, conditions }: PolicyJson): Complaint[] {
  const givesWay = mentions(conditions, { '.': { left: { Var: 'context' }, attr: 'approved' } });
  if (givesWay === (approval !== null) && (effect === 'forbid' || !givesWay)) return [];
  if (effect === 'permit') {
    const mend = 'Write it as a `forbid` with `unless { context.approved }`.';
    return [{ message: 'Only a `forbid` can wait for an approval.', mend }];
  }
  if (givesWay) {
    const mend = 'Add @approvers("approver,owner").';
    return [{ message: 'It gives way to an approval, and does not say whose.', mend }];
  }
  const mend = 'Add `unless { context.approved }`, or take the annotations of an approval away.';
  return [{ message: 'It names approvers, and yet no approval makes it give way.', mend }];
}

function actionsOf({ action }: PolicyJson): readonly Action[] {
  if (action.op === 'All') return ACTIONS;
  const named = 'entities' in action ? action.entities : 'entity' in action ? [action.entity] : [];
  const ids = named.map((uid) => plainUid(uid).id);
  return ACTIONS.filter((name) => ids.includes(name));
}

function principalsOf({ principal }: PolicyJson): readonly string[] | undefined {
  if (principal.op === 'is') return [principal.entity_type];
  if (principal.op === '==' && 'entity' in principal) return [plainUid(principal.entity).type];
  return undefined;
}

function resourcesOf({ resource, conditions }: PolicyJson): readonly string[] | 'each' {
  if (mentions(conditions, { Var: 'resource' })) return 'each';
  if (resource.op === '==' && 'entity' in resource) return [plainUid(resource.entity).id];
  return resource.op === 'All' || (resource.op === 'is' && !resource.in) ? [] : 'each';
}

const plainUid = (uid: EntityUidJson): TypeAndId => ('__entity' in uid ? uid.__entity : uid);

function twice(found: readonly Found[]): Problem[] {
  const first = new Map<string, Found>();
  return found.flatMap((policy) => {
    const other = first.get(policy.id);
    first.set(policy.id, other ?? policy);
    if (other === undefined) return [];
    const message = `There are two policies "${policy.id}": the other is in ${other.file}, line ${other.line}.`;
    return [{ file: policy.file, line: policy.line, policy: policy.id, message, mend: 'Give one another @id.' }];
  });
}

/** What the schema says against the policies. Its warnings (never applies, letters that look like others) are refusals too. */
function invalid(found: readonly Found[], { schema }: PolicySource, cedar: Cedar): Problem[] {
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

function detailed({ message, help, sourceLocations }: DetailedError, file: SourceFile, offset: number): Problem {
  const [location] = sourceLocations ?? [];
  const expected = location?.label ? ` (${location.label})` : '';
  const text = message
    .replace(/^failed to parse (policies|schema) from string: /, '')
    .replace(/^for policy `[^`]*`, /, '');
  return {
    file: file.name,
    ...placeOf(file.text, offset + (location?.start ?? 0)),
    message: `${text}${expected}.`,
    mend: help ? `${help.charAt(0).toUpperCase()}${help.slice(1)}` : 'Correct it; docs/policies.md lists the words.',
  };
}

function tooDeep(file: string, error: unknown): Problem {
  if (!(error instanceof CedarTrap)) throw error;
  return { file, message: 'It is nested too deeply to be read.', mend: 'Split its conditions into several policies.' };
}
