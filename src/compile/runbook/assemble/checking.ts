import { becomesStep, type Decision } from '../blocks/decision.js';
import { isSqlCheck } from '../blocks/statements.js';
import { askText, guarding, tellingCheck } from './asking.js';
import { checkVerifiers, outputVerifier } from './checks.js';
import { type Draft, isConditional, lastOnes, upToWork } from './draft.js';
import type { Drafts } from './drafts.js';
import { manualStep, placeText, type StepParts, session, toolSteps } from './step.js';
import type { Told } from './told.js';

/** Finds the steps that a check looks at. */
export class Checking {
  readonly #drafts: Drafts;
  readonly #parts: StepParts;
  readonly #told: Told;

  constructor(drafts: Drafts, parts: StepParts, told: Told) {
    this.#drafts = drafts;
    this.#parts = parts;
    this.#told = told;
  }

  /** A check belongs to the step before it; where a person did that step, or nobody, it is a step of its own. */
  take(decision: Decision): void {
    const text = askText(decision);
    if (text !== undefined) return this.#checkAfter(decision, text);
    const done = upToWork(this.#drafts.all, decision.script);
    const last = lastOnes(done);
    const checked = last.filter(({ decision }) => decision.label !== 'manual' && becomesStep(decision));
    // What a person did before is looked at, too, whatever is asked about what comes after it.
    if (checked.length < last.length && checked.every(isConditional)) return this.#checkAlone(decision);
    // Whether it looks at what was done in any case, or at what is done in some case behind it: it comes after both.
    const inCase = checked.find((draft) => draft.decision.rule === 'condition');
    if (checked.length > 1 && inCase !== undefined) {
      this.#told.because(
        decision,
        `${decision.why}; it looks in any case, and "${inCase.id}" is done in some case only`,
      );
      return this.#checkAlone(decision);
    }
    const attaches = decision.form === 'shell' || (decision.form === 'sql' && isSqlCheck(decision));
    if (checked.length === 0 || !attaches) return this.#checkAlone(decision);
    const order = done.length - 1;
    for (const draft of checked) draft.verifiers.push(...checkVerifiers(decision, order, draft.verifiers, this.#parts));
    this.#told.belongsTo(decision, ...checked.map(({ id }) => id));
    if (checked.every(isConditional)) this.#tellWhoIsAsked(decision, checked);
    if (decision.weak) this.#told.warn(decision, 'the check states no expectation, so it can hardly fail');
  }

  /** What is certain to be done is checked in any case; of the rest, a no leaves the check out. */
  #tellWhoIsAsked({ block }: Decision, checked: readonly Draft[]): void {
    const place = placeText(this.#parts.file, block.lines);
    for (const asking of new Set(checked.flatMap((draft) => draft.asking ?? [])))
      asking.body = tellingCheck(asking.body, place);
  }

  /** Somebody says when it is time to look. What takes nothing back when it fails is a check still, of a step that does nothing. */
  #checkAfter(decision: Decision, text: string): void {
    const asking = this.#drafts.ask(decision, manualStep(decision, text, this.#parts));
    const from = this.#drafts.all.length;
    if (decision.advisory === true && decision.form === 'shell') {
      const body = { tool: 'shell', readOnly: true, args: { run: ':', session: session(from) } };
      this.#drafts.add(decision, body).verifiers.push(...checkVerifiers(decision, from, [], this.#parts));
    } else this.#checkAlone(decision);
    const drafts = this.#drafts.all.slice(from);
    const ids = drafts.map(({ id }) => id);
    asking.body = guarding(asking.body, ids);
    for (const draft of drafts) draft.asking = asking;
  }

  #checkAlone(decision: Decision): void {
    for (const body of toolSteps(decision, this.#drafts.all.length, this.#parts))
      this.#drafts.add(decision, { ...body, readOnly: true }).verifiers.push(...outputVerifier(decision));
  }
}
