import type { EntityUidJson, PolicyJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import { ACTIONS, type Action, type ApprovalRule } from '../decision.js';
import { type Announced, type Complaint, type Known, readAnnotations } from './annotations.js';
import type { Cedar } from './cedar.js';
import { comparedTexts, mentions } from './expression.js';
import { placeOf } from './place.js';
import { detailed, type Problem } from './problem.js';
import type { SourceFile } from './source.js';

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

/** A policy and where it came from. */
export interface FoundPolicy extends Policy {
  readonly from: SourceFile;
  /** Where its text begins in the file, in bytes. */
  readonly offset: number;
}

/** The text of a policy, and where it begins in its file, in bytes. */
export interface Part {
  readonly text: string;
  readonly offset: number;
}

/** Reads one policy: what it announces, of what it may speak, and what is doubtful about it. */
export function policyOf(
  { text, offset }: Part,
  from: SourceFile,
  cedar: Cedar,
  known: Known,
): FoundPolicy | Problem[] {
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

function doubts({ approval }: Announced, { effect, conditions }: PolicyJson): Complaint[] {
  return [...approvalDoubts(approval, effect, conditions), ...letterDoubts(conditions)];
}

/** An approval is a `forbid` that gives way to `context.approved`: both or neither. */
function approvalDoubts(
  approval: ApprovalRule | null,
  effect: PolicyJson['effect'],
  conditions: PolicyJson['conditions'],
): Complaint[] {
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

/** Policies see environments in lower case: a `forbid` for "Production" would never apply. */
function letterDoubts(conditions: PolicyJson['conditions']): Complaint[] {
  const capital = comparedTexts(conditions, 'environment').filter((text) => text !== text.toLowerCase());
  return capital.map((text) => ({
    message: `No environment is ever "${text}": policies see them in lower case.`,
    mend: `Write "${text.toLowerCase()}".`,
  }));
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
