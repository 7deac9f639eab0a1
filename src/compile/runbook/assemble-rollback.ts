import type { JsonObject, JsonValue } from '#ir/json.js';
import { asksAbout, askText, guarding, showingInputs, tellingCheck } from './assemble-asking.js';
import { checkVerifiers } from './assemble-checks.js';
import { type Draft, lastOnes, within } from './assemble-draft.js';
import { type Inputs, literal } from './assemble-inputs.js';
import { idHint, titleOf } from './assemble-names.js';
import { boundOf, manualStep, placeText, type StepParts, toolSteps } from './assemble-step.js';
import type { Decision } from './decision.js';
import type { Section } from './document.js';
import { entry } from './entry.js';
import { sectionWithRole } from './standing.js';
import { isChangingWork } from './work.js';

/** The step that a rollback, or a check of one, belongs to; or why it belongs to none. */
export type Attached = { readonly to: Draft; readonly checks: boolean } | { readonly unused: string };

/** Attaches what takes back to what it takes back, in document order. */
export class Rollbacks {
  readonly #decisions: readonly Decision[];
  readonly #parts: StepParts;
  readonly #changing: readonly Draft[];
  /** Steps that a rollback takes back, whichever of them it is attached to; of a section, all its rollbacks take back the same. */
  readonly #takenBack = new Set<readonly Draft[]>();
  readonly #undoneBy = new Map<Section, readonly Draft[]>();
  /** Of the rollback of a step. */
  readonly #inputs = new Map<Draft, Inputs>();

  /** @param changing the steps that do something that can be undone */
  constructor(decisions: readonly Decision[], parts: StepParts, changing: readonly Draft[]) {
    this.#decisions = decisions;
    this.#parts = parts;
    this.#changing = changing;
  }

  takenBack(): ReadonlySet<Draft> {
    return new Set([...this.#takenBack].flat());
  }

  attach(decision: Decision): Attached {
    const undone = this.#undone(decision);
    const [target, ...others] = undone;
    if (target === undefined) return { unused: 'it would undo a step that the plan does not have' };
    if (this.#isForSkipped(decision, undone)) return { unused: 'it would undo a step that the review skips' };
    if (decision.label === 'verify' && decision.asStep !== true) return this.#check(decision, target);
    target.rollback.push(...this.#steps(decision, target, others));
    this.#takenBack.add(undone);
    return { to: target, checks: false };
  }

  /** The review skips what was done in any case, and what is left is done in some case only: it is not what is taken back. */
  #isForSkipped({ block }: Decision, undone: readonly Draft[]): boolean {
    const optional = undone.every(({ decision }) => decision.rule === 'condition');
    return optional && this.#decisions.some((one) => isSkippedWork(one) && one.block.lines.to < block.lines.from);
  }

  /** A check of a rollback belongs to the last step of it that a tool does. */
  #check(decision: Decision, draft: Draft): Attached {
    const at = draft.rollback.findLastIndex(({ kind }) => kind !== 'system');
    const undo = draft.rollback[at];
    if (undo === undefined) return { unused: 'it would check a rollback that no tool does' };
    const taken = listOf(undo['verifiers']);
    const checks = checkVerifiers(decision, draft.order, taken, this.#partsOf(draft));
    draft.rollback[at] = { ...undo, verifiers: [...taken, ...checks] };
    const asks = draft.rollback.findIndex((one) => asksAbout(one, undo['id']));
    const asking = draft.rollback[asks];
    if (asking !== undefined)
      draft.rollback[asks] = tellingCheck(asking, placeText(this.#parts.file, decision.block.lines));
    return { to: draft, checks: true };
  }

  /** They belong to the first step that they take back, and are carried out once, be that one done or left out. */
  #steps(decision: Decision, target: Draft, others: readonly Draft[]): JsonObject[] {
    const { undoIds } = target;
    const parts = this.#partsOf(target);
    const hint = idHint(decision, false);
    const title = literal(titleOf(decision, false));
    const also = others.length === 0 ? {} : { alsoUndoes: others.map(({ id }) => id) };
    const text = askText(decision);
    const asked = text === undefined ? [] : [manualStep(decision, text, this.#parts)];
    const isManual = decision.label === 'manual';
    const undo = isManual ? [manualStep(decision, undefined, this.#parts)] : toolSteps(decision, 'end', parts);
    const facts = isManual ? undefined : decision.facts;
    if (facts !== undefined) for (const body of undo) parts.inputs.assigned(facts, boundOf(body));
    const steps = undo.map((body) => ({ id: undoIds.take(`undo-${hint}`), title, ...body, ...also }));
    const ids = steps.map(({ id }) => id);
    const asking = asked.map((body) => guarding(showingInputs(body, undo), ids));
    return [...asking.map((body) => ({ id: undoIds.take(`ask-${hint}`), ...body, ...also })), ...steps];
  }

  #partsOf(target: Draft): StepParts {
    const inputs = entry(this.#inputs, target, () => this.#parts.inputs.forked());
    return { ...this.#parts, inputs };
  }

  /** The changing steps of the procedure around it; when it is marked by hand, the last step before it. */
  #undone({ block, rule }: Decision): readonly Draft[] {
    if (rule === 'marked-rollback')
      return lastOnes(this.#changing.filter((draft) => draft.decision.block.lines.to < block.lines.from));
    const own = sectionWithRole(block.section, 'rollback', 'cleanup') ?? block.section;
    return entry(this.#undoneBy, own, () => changingAround(own, this.#changing));
  }
}

/** The changing steps of the nearest section around a rollback that has any. */
function changingAround(own: Section, changing: readonly Draft[]): readonly Draft[] {
  for (let around: Section | undefined = own.parent ?? own; around !== undefined; around = around.parent) {
    const found = within(changing, around.lines);
    if (found.length > 0) return found;
  }
  return [];
}

function isSkippedWork({ rule, facts }: Decision): boolean {
  return rule === 'review-skip' && facts !== undefined && isChangingWork(facts);
}

/** The verifiers that a step has so far. */
function listOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
