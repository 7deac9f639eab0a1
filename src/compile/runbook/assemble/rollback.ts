import type { JsonObject, JsonValue } from '#ir/json.js';
import { entry } from '#kit/entry.js';
import { literal } from '../../literal.js';
import { dangerOfBlock } from '../blocks/dangers.js';
import type { Decision } from '../blocks/decision.js';
import { idHint, titleOf } from '../blocks/names.js';
import { hasSwitches, mayDestroy } from '../blocks/prepares.js';
import { isChangingWork } from '../blocks/work.js';
import { partsThatTakeBack, rollbackSection, takenBackIn } from '../decide/rollback-scope.js';
import type { Section } from '../markdown/document.js';
import {
  afterFailure,
  asksAbout,
  askText,
  guarding,
  MEANT,
  NOT_ALL_TAKEN_BACK,
  showingInputs,
  tellingCheck,
  unlessDone,
} from './asking.js';
import { checkVerifiers } from './checks.js';
import { type Draft, lastOnes, within } from './draft.js';
import type { Inputs } from './inputs.js';
import { type MadeFor, madeFor } from './made-for.js';
import { boundOf, manualStep, placeText, type StepParts, toolSteps } from './step.js';

/** The step that a rollback, or a check of one, belongs to; or why it belongs to none. */
export type Attached =
  | { readonly to: Draft; readonly checks: boolean; readonly why?: string }
  | { readonly unused: string };

/** What the rollbacks of a section take back. */
interface Undone {
  readonly steps: readonly Draft[];
  /** From which of these on each of them does. */
  readonly madeFor: ReadonlyMap<Decision, MadeFor>;
}

/** Why people may be asked before something is taken back. */
interface Doubts {
  readonly says: string | undefined;
  /** The step that makes the copy which is put back, and goes on. */
  readonly copier: Draft | undefined;
}

/** Attaches what takes back to what it takes back, in document order. */
export class Rollbacks {
  readonly #decisions: readonly Decision[];
  readonly #parts: StepParts;
  readonly #changing: readonly Draft[];
  /** Steps that a rollback takes back, whichever of them it is attached to; of a section, all its rollbacks take back the same. */
  readonly #takenBack = new Set<readonly Draft[]>();
  readonly #undoneBy = new Map<Section, Undone>();
  readonly #bySection: ReadonlyMap<Section, readonly Decision[]>;
  /** Of the rollback of a step. */
  readonly #inputs = new Map<Draft, Inputs>();

  /** @param changing the steps that do something that can be undone */
  constructor(decisions: readonly Decision[], parts: StepParts, changing: readonly Draft[]) {
    this.#decisions = decisions;
    this.#parts = parts;
    this.#changing = changing;
    this.#bySection = rollbacksBySection(decisions);
  }

  takenBack(): ReadonlySet<Draft> {
    return new Set([...this.#takenBack].flat());
  }

  attach(decision: Decision): Attached {
    const { steps, madeFor } = this.#undone(decision);
    const [first] = steps;
    if (first === undefined) return { unused: 'it would undo a step that the plan does not have' };
    if (this.#isForSkipped(decision, steps)) return { unused: 'it would undo a step that the review skips' };
    // What is carried out for some of the steps only hangs on the last, with all beside it: so they keep their order.
    const isParted = [...madeFor.values()].some(({ from }) => from > 0);
    const owner = (isParted ? steps.at(-1) : undefined) ?? first;
    if (decision.label === 'verify' && decision.asStep !== true) return this.#check(decision, owner);
    const { from, asksBefore, copiedIn, ready = from }: MadeFor = madeFor.get(decision) ?? { from: 0 };
    const undone = steps.slice(from);
    const others = undone.filter((step) => step !== owner);
    const says = asksBefore === undefined ? undefined : this.#notBegun(steps[asksBefore] ?? owner);
    const copier = copiedIn === undefined ? undefined : (steps[copiedIn] ?? owner);
    owner.rollback.push(...this.#steps(decision, owner, others, { says, copier }));
    // What made ready leaves nothing to be taken back, unless it stopped something that nobody starts again.
    this.#takenBack.add(steps.filter((step, at) => at >= from || (at < ready && !stopsSomething(step))));
    const [to = owner] = undone;
    const why = says ?? (from === 0 ? undefined : this.#fromThere(to));
    return { to, checks: false, ...(why === undefined ? {} : { why }) };
  }

  #fromThere({ decision: { block } }: Draft): string {
    return `it takes back what is done from ${placeText(this.#parts.file, block.lines)} on: the steps before that only make ready for it`;
  }

  /** Said to whoever is asked, and in the explanation. */
  #notBegun({ decision: { block } }: Draft): string {
    const place = placeText(this.#parts.file, block.lines);
    return `it restores or deletes what is changed from ${place} on, and is carried out, too, where only a step before that was done`;
  }

  /** Where the step that makes the copy, and goes on, was done to its end, the copy is whole. */
  #askedUnlessCopied(decision: Decision, { id, decision: { block } }: Draft): JsonObject {
    const place = placeText(this.#parts.file, block.lines);
    const text = `It puts a copy in the place of what there is, and ${place} failed, so the copy may not be whole, or not be there. ${MEANT}`;
    return unlessDone(manualStep(decision, text, this.#parts), id);
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
  #steps(decision: Decision, target: Draft, others: readonly Draft[], { says, copier }: Doubts): JsonObject[] {
    const { undoIds } = target;
    const parts = this.#partsOf(target);
    const hint = idHint(decision, false);
    const title = literal(titleOf(decision, false));
    const also = others.length === 0 ? {} : { alsoUndoes: others.map(({ id }) => id) };
    const text = askText({
      ...decision,
      askEachRun: [decision.askEachRun, says].filter(Boolean).join('; '),
    });
    const asked =
      text === undefined
        ? [
            ...this.#askedAfterFailure(decision),
            ...(copier === undefined ? [] : [this.#askedUnlessCopied(decision, copier)]),
          ]
        : [manualStep(decision, text, this.#parts)];
    const isManual = decision.label === 'manual';
    const undo = isManual ? [manualStep(decision, leadOf(decision), this.#parts)] : toolSteps(decision, 'end', parts);
    const facts = isManual ? undefined : decision.facts;
    if (facts !== undefined) for (const body of undo) parts.inputs.assigned(facts, boundOf(body));
    const steps = undo.map((body) => ({ id: undoIds.take(`undo-${hint}`), title, ...body, ...also }));
    const ids = steps.map(({ id }) => id);
    const asking = asked.map((body) => guarding(showingInputs(body, undo), ids));
    return [...asking.map((body) => ({ id: undoIds.take(`ask-${hint}`), ...body, ...also })), ...steps];
  }

  /** What may destroy something is not done unasked where what is to be taken back before it was not. */
  #askedAfterFailure(decision: Decision): JsonObject[] {
    const { label, facts } = decision;
    const destroys = dangerOfBlock(decision) !== undefined || (facts !== undefined && mayDestroy(facts));
    if (label !== 'rollback' || !destroys || !this.#maySomethingComeBefore(decision)) return [];
    return [afterFailure(manualStep(decision, NOT_ALL_TAKEN_BACK, this.#parts))];
  }

  /** The blocks of a section keep their order; which of several sections comes first, the run decides. */
  #maySomethingComeBefore({ block }: Decision): boolean {
    const own = rollbackSection(block);
    return this.#decisions.some((one) => {
      if (one.label !== 'rollback' && one.undoes !== true) return false;
      return rollbackSection(one.block) !== own || one.block.lines.from < block.lines.from;
    });
  }

  #partsOf(target: Draft): StepParts {
    const inputs = entry(this.#inputs, target, () => this.#parts.inputs.forked());
    return { ...this.#parts, inputs };
  }

  /** The changing steps of the procedure around it; when it is marked by hand, the last step before it. */
  #undone({ block, rule }: Decision): Undone {
    if (rule === 'marked-rollback') {
      const steps = lastOnes(this.#changing.filter((draft) => draft.decision.block.lines.to < block.lines.from));
      return { steps, madeFor: new Map() };
    }
    const own = rollbackSection(block);
    return entry(this.#undoneBy, own, () => {
      const steps = changingAround(takenBackIn(own, partsThatTakeBack([...this.#bySection.keys()])), this.#changing);
      return { steps, madeFor: madeFor(this.#bySection.get(own) ?? [], steps) };
    });
  }
}

/** For which case it is, and that one may leave it out: its title and its commands do not say so. */
function leadOf({ why, rule }: Decision): string | undefined {
  const [, need] = rule === 'rollback-section' ? (IN_SOME_CASE.exec(why) ?? []) : [];
  return need === undefined
    ? undefined
    : `This takes back what was done, but ${need}. Where that is not so, leave it out (resolve --as skip); else do:`;
}

const IN_SOME_CASE = /^(it (?:is|takes back) (?:for|one of) .+), so a person does it$/s;

function stopsSomething({ decision: { facts } }: Draft): boolean {
  return facts !== undefined && hasSwitches(facts);
}

/** What the steps of a rollback are made of, by the section that it is. */
function rollbacksBySection(decisions: readonly Decision[]): ReadonlyMap<Section, readonly Decision[]> {
  const bySection = new Map<Section, Decision[]>();
  for (const one of decisions) if (takesBack(one)) entry(bySection, rollbackSection(one.block), () => []).push(one);
  return bySection;
}

/** Marked by hand, it belongs to the step before it, whatever stands beside it; a check belongs to what it checks. */
function takesBack({ label, rule, undoes, asStep }: Decision): boolean {
  if (rule === 'marked-rollback') return false;
  return label === 'rollback' || (undoes === true && (label !== 'verify' || asStep === true));
}

/** The changing steps of the nearest section, from this one outward, that has any. */
function changingAround(section: Section, changing: readonly Draft[]): readonly Draft[] {
  for (let around: Section | undefined = section; around !== undefined; around = around.parent) {
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
