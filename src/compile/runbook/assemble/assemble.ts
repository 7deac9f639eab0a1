import type { JsonObject } from '#ir/json.js';
import { literal } from '../../literal.js';
import type { Decision } from '../blocks/decision.js';
import { misspelt } from '../blocks/misspelt.js';
import { clip } from '../blocks/names.js';
import type { Settings } from '../blocks/settings.js';
import { databaseOf } from '../blocks/statements.js';
import { leavesBehind, onlySets } from '../blocks/work.js';
import type { Lines, RunbookDocument, Section } from '../markdown/document.js';
import type { ChoiceInput } from '../ways/alternatives.js';
import { lastSentence } from '../words/intro.js';
import { saysMessage } from '../words/intro-told.js';
import { askText, guarding, MEANT, showingInputs, stopText, whereText } from './asking.js';
import { Checking } from './checking.js';
import { outputVerifier } from './checks.js';
import { type Draft, finished, isChanging } from './draft.js';
import { Drafts } from './drafts.js';
import type { Explanation } from './explain.js';
import { Inputs } from './inputs.js';
import { isolated } from './isolated.js';
import { attachPreconditions } from './preconditions.js';
import { type Attached, Rollbacks } from './rollback.js';
import { askForSecrets } from './secrets.js';
import type { Unplaced } from './section-folder.js';
import { boundOf, manualStep, placeText, type StepParts, toolSteps } from './step.js';
import { guardWhatFollows } from './stops.js';
import { Told } from './told.js';
import { carryOnRollbacks } from './undo.js';
import { waysOf } from './ways.js';

/** What is put together. */
export interface AssembleInput {
  readonly file: string;
  readonly document: RunbookDocument;
  readonly settings: Settings;
  /** One per block, in document order. */
  readonly decisions: readonly Decision[];
  readonly choices: readonly ChoiceInput[];
  /** Of a section: why nobody knows where it is to run. */
  readonly unplaced?: Unplaced | undefined;
  readonly title: string;
}

export interface Assembled {
  /** In the form of a plan file. */
  readonly value: JsonObject;
  /** Where each step stands. */
  readonly places: ReadonlyMap<string, Lines>;
  readonly explanation: Explanation;
}

/** Makes the decisions about a document's blocks into a plan that does them in their order. */
export function assemble(input: AssembleInput): Assembled {
  return new Assembly(input).assemble();
}

class Assembly {
  readonly #input: AssembleInput;
  readonly #parts: StepParts;
  readonly #drafts: Drafts;
  readonly #checking: Checking;
  /** Questions without whose yes nothing that follows is done, of some no more than in a section. */
  readonly #stops = new Map<Draft, Section | undefined>();
  readonly #told: Told;
  readonly #preconditions: Decision[] = [];
  readonly #undos: Decision[] = [];

  constructor(input: AssembleInput) {
    this.#input = input;
    const { file, settings } = input;
    this.#told = new Told(file);
    const databases = input.decisions.flatMap(({ block }) =>
      block.kind === 'code' ? (databaseOf(block, settings) ?? []) : [],
    );
    this.#parts = { file, settings, inputs: new Inputs(settings, databases) };
    this.#drafts = new Drafts(input.decisions, settings, this.#told);
    this.#checking = new Checking(this.#drafts, this.#parts, this.#told);
  }

  assemble(): Assembled {
    const drafts = this.#drafts.all;
    for (const choice of this.#input.choices) this.#parts.inputs.choice(choice);
    for (const decision of this.#input.decisions) this.#take(decision);
    attachPreconditions(this.#preconditions, drafts, { parts: this.#parts, told: this.#told });
    const rollbacks = new Rollbacks(this.#input.decisions, this.#parts, drafts.filter(isChanging));
    for (const undo of this.#undos) this.#attach(undo, rollbacks.attach(undo));
    carryOnRollbacks(drafts);
    askForSecrets(drafts);
    guardWhatFollows(drafts, this.#stops);
    this.#askWhere();
    this.#warnAboutSecrets();
    this.#told.warnings.push(...misspelt(this.#input.decisions, this.#input.file));
    return {
      value: this.#plan(rollbacks.takenBack()),
      places: new Map(drafts.map(({ id, decision }) => [id, decision.block.lines])),
      explanation: this.#told.explanation(this.#input.decisions),
    };
  }

  #take(decision: Decision): void {
    if (decision.adapted !== undefined && decision.label !== 'manual' && decision.label !== 'leave_out')
      this.#told.warn(decision, decision.adapted);
    if (decision.anew !== undefined)
      this.#told.warn(
        decision,
        `\`${decision.anew}\` stands here again, so it begins in the folder where the run began`,
      );
    switch (decision.label) {
      case 'leave_out':
        return this.#warnOfMessage(decision);
      case 'precondition':
        this.#preconditions.push(decision);
        return;
      case 'rollback':
        if (decision.asStep === true) return this.#run(decision);
        this.#undos.push(decision);
        return;
      case 'verify':
        if (decision.undoes !== true)
          return decision.asStep === true ? this.#run(decision) : this.#checking.take(decision);
        this.#undos.push(decision);
        return;
      case 'manual':
        if (decision.undoes !== true) return this.#manual(decision);
        this.#undos.push(decision);
        return;
      case 'run':
      case 'choice':
        return this.#run(decision);
    }
  }

  /** Its words are no code, so nothing becomes of it. */
  #warnOfMessage(decision: Decision): void {
    const { block, rule } = decision;
    if (block.kind !== 'code' || rule !== 'untagged-not-commands' || !saysMessage(block.intro)) return;
    const said = clip(lastSentence(block.intro));
    this.#told.warn(decision, `the text says "${said}", and nobody is asked to: marked \`{manual}\`, somebody is`);
  }

  #manual(decision: Decision): void {
    const { block, why, stop } = decision;
    const lead = block.kind === 'code' ? `Do this yourself: ${why}` : stop && stopText(stop);
    const draft = this.#drafts.add(decision, manualStep(decision, lead, this.#parts));
    if (block.kind === 'item' && stop !== undefined) this.#stops.set(draft, stop.within);
    for (const { text, place } of decision.facts?.placeholders ?? [])
      if (place === 'no')
        this.#told.question(decision, `Replace ${text} yourself: a variable would mean something else there.`);
  }

  #run(decision: Decision): void {
    const ways = waysOf(decision);
    const isAbout = ({ facts }: Decision) =>
      decision.stop?.within === undefined || facts === undefined || !onlySets(facts);
    const asked = ways.find(isAbout) ?? ways[0];
    for (const way of ways) {
      if (way === asked) this.#askToGoOn(decision);
      if (way.label === 'manual') this.#manual(way);
      else this.#runOne(way);
    }
    this.#told.belongsTo(decision, this.#drafts.all.at(-1)?.id ?? '');
    if (decision.until !== undefined) this.#askToGoOn(shownUntil(decision, decision.until));
  }

  #askToGoOn(decision: Decision): void {
    const { stop, choice, ...all } = decision;
    if (stop === undefined) return;
    const asked: Decision = stop.inCase ? decision : { ...all, choice: undefined };
    this.#stops.set(this.#drafts.ask(asked, manualStep(asked, stopText(stop), this.#parts)), stop.within);
  }

  #runOne(decision: Decision): void {
    const { facts } = decision;
    const text = askText(decision);
    const asking = text === undefined ? undefined : this.#drafts.ask(decision, manualStep(decision, text, this.#parts));
    const { inputs } = this.#parts;
    const bodies = inputs.within(decision.choice ?? decision.part?.within, () =>
      toolSteps(decision, this.#drafts.all.length, this.#parts),
    );
    const drafts = bodies.map((body) => {
      if (facts !== undefined) inputs.assigned(facts, boundOf(body));
      return this.#drafts.add(decision, body);
    });
    for (const draft of drafts) draft.verifiers.push(...outputVerifier(decision));
    if (facts !== undefined && decision.background === undefined && leavesBehind(facts, decision.script))
      this.#told.warn(
        decision,
        'what it starts with `&` ends with this step; marked `{background}`, it runs until the run ends',
      );
    const ids = drafts.map(({ id }) => id);
    if (asking === undefined) return;
    asking.body = guarding(showingInputs(asking.body, bodies), ids);
    for (const draft of drafts) draft.asking = asking;
  }

  #attach(decision: Decision, attached: Attached): void {
    if ('unused' in attached) {
      this.#told.unused(decision, attached.unused);
      return;
    }
    this.#told.belongsTo(decision, attached.to.id);
    if (attached.why !== undefined) this.#told.because(decision, attached.why);
    if (attached.checks && decision.weak)
      this.#told.warn(decision, 'the check states no expectation, so it can hardly fail');
  }

  /** Comes before everything: it belongs to no step, and none is done without a yes. */
  #askWhere(): void {
    const { unplaced } = this.#input;
    if (unplaced === undefined || this.#drafts.all.length === 0) return;
    const text = whereText(unplaced);
    this.#told.warn(unplaced.decision, text);
    if (unplaced.depends === undefined) return;
    const ids = this.#drafts.all.map(({ id }) => id);
    const told = whereText(unplaced, placeText(this.#input.file, unplaced.decision.block.lines));
    // What a yes does is shown, and not what is not done.
    const body = guarding(manualStep(unplaced.depends, `${told}. ${MEANT}`, this.#parts), ids);
    this.#drafts.askFirst(unplaced.decision, { ...body, title: 'Confirm: the folder' });
    this.#told.question(unplaced.decision, `${text}.`);
  }

  #warnAboutSecrets(): void {
    for (const name of this.#parts.inputs.secretLooking())
      this.#told.warnings.push(
        `The input "${name}" looks like a secret, and inputs are kept in the ledger: name it under \`opsroom: { secrets: [${name}] }\` in the front matter.`,
      );
    for (const lost of this.#parts.inputs.lost())
      this.#told.warnings.push(
        `${lost}: what holds a secret is not carried from block to block. Make it anew in the block that reads it.`,
      );
  }

  #plan(takenBack: ReadonlySet<Draft>): JsonObject {
    const { settings, title } = this.#input;
    const { lane, target, cwd, onFailure } = settings;
    return {
      apiVersion: 'opsroom/v1',
      kind: 'runbook',
      title: literal(title),
      ...this.#parts.inputs.fields(),
      ...(lane === undefined ? {} : { lane }),
      ...(target === undefined ? {} : { target: JSON.parse(JSON.stringify(target)) }),
      ...(cwd === undefined ? {} : { workspace: { kind: 'inplace', path: cwd } }),
      ...(onFailure === undefined ? {} : { onFailure }),
      steps: this.#drafts.all.map((draft, i) =>
        isolated(finished(draft, this.#drafts.all[i - 1]?.id, takenBack.has(draft)), settings.sandbox),
      ),
    };
  }
}

/** What somebody is asked behind a block that goes on: it is no step that a check could belong to. */
function shownUntil({ parts: _, background: __, ...decision }: Decision, says: string): Decision {
  const stop = { says, inCase: decision.choice !== undefined };
  return { ...decision, background: undefined, label: 'manual', stop };
}
