import type { JsonObject, JsonValue } from '#ir/json.js';
import { literal } from '../../literal.js';
import { becomesStep, type Decision } from '../blocks/decision.js';
import { misspelt } from '../blocks/misspelt.js';
import { clip, Ids, idHint, titleOf } from '../blocks/names.js';
import type { Settings } from '../blocks/settings.js';
import { databaseOf, isSqlCheck } from '../blocks/statements.js';
import { leavesBehind, onlySets } from '../blocks/work.js';
import type { Lines, RunbookDocument, Section } from '../markdown/document.js';
import type { ChoiceInput } from '../ways/alternatives.js';
import { lastSentence } from '../words/intro.js';
import { saysMessage } from '../words/intro-told.js';
import { askText, guarding, MEANT, showingInputs, stopText, tellingCheck, whereText } from './asking.js';
import { checkVerifiers, outputVerifier } from './checks.js';
import { type Draft, finished, isChanging, isConditional, lastOnes, upToWork } from './draft.js';
import type { Explanation } from './explain.js';
import { Inputs } from './inputs.js';
import { attachPreconditions } from './preconditions.js';
import { type Attached, Rollbacks } from './rollback.js';
import { askForSecrets } from './secrets.js';
import type { Unplaced } from './section-folder.js';
import { boundOf, manualStep, placeText, type StepParts, session, toolSteps } from './step.js';
import { guardWhatFollows } from './stops.js';
import { Told } from './told.js';
import { carryOnRollbacks } from './undo.js';
import { conditionOf, waysOf } from './ways.js';

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
  readonly #ids = new Ids();
  /** How many blocks of a section become steps. */
  readonly #stepsIn = new Map<Section, number>();
  readonly #drafts: Draft[] = [];
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
    for (const decision of input.decisions) {
      const { section } = decision.block;
      if (becomesStep(decision)) this.#stepsIn.set(section, (this.#stepsIn.get(section) ?? 0) + 1);
    }
  }

  assemble(): Assembled {
    for (const choice of this.#input.choices) this.#parts.inputs.choice(choice);
    for (const decision of this.#input.decisions) this.#take(decision);
    attachPreconditions(this.#preconditions, this.#drafts, { parts: this.#parts, told: this.#told });
    const rollbacks = new Rollbacks(this.#input.decisions, this.#parts, this.#drafts.filter(isChanging));
    for (const undo of this.#undos) this.#attach(undo, rollbacks.attach(undo));
    carryOnRollbacks(this.#drafts);
    askForSecrets(this.#drafts);
    guardWhatFollows(this.#drafts, this.#stops);
    this.#askWhere();
    this.#warnAboutSecrets();
    this.#told.warnings.push(...misspelt(this.#input.decisions, this.#input.file));
    return {
      value: this.#plan(rollbacks.takenBack()),
      places: new Map(this.#drafts.map(({ id, decision }) => [id, decision.block.lines])),
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
        if (decision.undoes !== true) return this.#check(decision);
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
    const draft = this.#add(decision, manualStep(decision, lead, this.#parts), false);
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
    this.#told.belongsTo(decision, this.#drafts.at(-1)?.id ?? '');
    if (decision.until !== undefined) this.#askToGoOn(shownUntil(decision, decision.until));
  }

  #askToGoOn(decision: Decision): void {
    const { stop, choice, ...all } = decision;
    if (stop === undefined) return;
    const asked: Decision = stop.inCase ? decision : { ...all, choice: undefined };
    this.#stops.set(this.#add(asked, manualStep(asked, stopText(stop), this.#parts), true), stop.within);
  }

  #runOne(decision: Decision): void {
    const { facts } = decision;
    const text = askText(decision);
    const asking = text === undefined ? undefined : this.#add(decision, manualStep(decision, text, this.#parts), true);
    const { inputs } = this.#parts;
    const bodies = inputs.within(decision.choice ?? decision.part?.within, () =>
      toolSteps(decision, this.#drafts.length, this.#parts),
    );
    const drafts = bodies.map((body) => {
      if (facts !== undefined) inputs.assigned(facts, boundOf(body));
      return this.#add(decision, body, false);
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

  /** A check belongs to the step before it; where a person did that step, or nobody, it is a step of its own. */
  #check(decision: Decision): void {
    if (decision.asStep === true) return this.#run(decision);
    const text = askText(decision);
    if (text !== undefined) return this.#checkAfter(decision, text);
    const done = upToWork(this.#drafts, decision.script);
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
    const place = placeText(this.#input.file, block.lines);
    for (const asking of new Set(checked.flatMap((draft) => draft.asking ?? [])))
      asking.body = tellingCheck(asking.body, place);
  }

  /** Somebody says when it is time to look. What takes nothing back when it fails is a check still, of a step that does nothing. */
  #checkAfter(decision: Decision, text: string): void {
    const asking = this.#add(decision, manualStep(decision, text, this.#parts), true);
    const from = this.#drafts.length;
    if (decision.advisory === true && decision.form === 'shell') {
      const body = { tool: 'shell', readOnly: true, args: { run: ':', session: session(from) } };
      this.#add(decision, body, false).verifiers.push(...checkVerifiers(decision, from, [], this.#parts));
    } else this.#checkAlone(decision);
    const drafts = this.#drafts.slice(from);
    const ids = drafts.map(({ id }) => id);
    asking.body = guarding(asking.body, ids);
    for (const draft of drafts) draft.asking = asking;
  }

  #checkAlone(decision: Decision): void {
    for (const body of toolSteps(decision, this.#drafts.length, this.#parts))
      this.#add(decision, { ...body, readOnly: true }, false).verifiers.push(...outputVerifier(decision));
  }

  #add(decision: Decision, body: JsonObject, asks: boolean): Draft {
    const alone = this.#isAlone(decision);
    const hint = idHint(decision, alone);
    const title = titleOf(decision, alone);
    const condition = conditionOf(decision);
    const draft: Draft = {
      decision,
      order: this.#drafts.length,
      id: this.#ids.take(asks ? `ask-${hint}` : hint),
      asks,
      body: {
        title: literal(asks ? `Confirm: ${title}` : title),
        ...body,
        ...(condition === undefined ? {} : { if: condition }),
      },
      asking: undefined,
      preconditions: neededSecret(decision, body, this.#input.settings),
      verifiers: [],
      rollback: [],
      undoIds: new Ids(),
    };
    this.#drafts.push(draft);
    this.#told.belongsTo(decision, draft.id);
    return draft;
  }

  /** Whether no other block of its section becomes a step. A title is the name of the whole. */
  #isAlone({ block: { section }, part }: Decision): boolean {
    return part === undefined && section.level >= 2 && (this.#stepsIn.get(section) ?? 0) <= 1;
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
    if (unplaced === undefined || this.#drafts.length === 0) return;
    const text = whereText(unplaced);
    this.#told.warn(unplaced.decision, text);
    if (unplaced.depends === undefined) return;
    const ids = this.#drafts.map(({ id }) => id);
    const told = whereText(unplaced, placeText(this.#input.file, unplaced.decision.block.lines));
    // What a yes does is shown, and not what is not done.
    const body = guarding(manualStep(unplaced.depends, `${told}. ${MEANT}`, this.#parts), ids);
    const asking = this.#add(unplaced.decision, { ...body, title: 'Confirm: the folder' }, true);
    this.#drafts.pop();
    this.#drafts.unshift({ ...asking, id: this.#ids.take('ask-folder') });
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
      steps: this.#drafts.map((draft, i) => finished(draft, this.#drafts[i - 1]?.id, takenBack.has(draft))),
    };
  }
}

/** What somebody is asked behind a block that goes on: it is no step that a check could belong to. */
function shownUntil({ parts: _, background: __, ...decision }: Decision, says: string): Decision {
  const stop = { says, inCase: decision.choice !== undefined };
  return { ...decision, background: undefined, label: 'manual', stop };
}

/** A missing address of the database is told before anything is done, not by the first statement. */
function neededSecret({ block }: Decision, { tool }: JsonObject, settings: Settings): JsonValue[] {
  const secret = tool === 'sql' && block.kind === 'code' ? databaseOf(block, settings) : undefined;
  return secret === undefined ? [] : [`secret:${secret}`];
}
