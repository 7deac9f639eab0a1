import type { JsonObject, JsonValue } from '#ir/json.js';
import { literal } from '../../literal.js';
import { becomesStep, type Decision } from '../blocks/decision.js';
import { Ids, idHint, titleOf } from '../blocks/names.js';
import type { Settings } from '../blocks/settings.js';
import { databaseOf } from '../blocks/statements.js';
import type { Section } from '../markdown/document.js';
import type { Draft } from './draft.js';
import type { Told } from './told.js';
import { conditionOf } from './ways.js';

/** The steps of a plan while it is put together, in their order. */
export class Drafts {
  readonly all: Draft[] = [];
  readonly #settings: Settings;
  readonly #told: Told;
  readonly #ids = new Ids();
  /** How many blocks of a section become steps. */
  readonly #stepsIn = new Map<Section, number>();

  /** @param decisions one per block of the document */
  constructor(decisions: readonly Decision[], settings: Settings, told: Told) {
    this.#settings = settings;
    this.#told = told;
    for (const decision of decisions) {
      const { section } = decision.block;
      if (becomesStep(decision)) this.#stepsIn.set(section, (this.#stepsIn.get(section) ?? 0) + 1);
    }
  }

  add(decision: Decision, body: JsonObject): Draft {
    return this.#add(decision, body, false);
  }

  /** A question: no step of the procedure. */
  ask(decision: Decision, body: JsonObject): Draft {
    return this.#add(decision, body, true);
  }

  /** A question before all steps. */
  askFirst(decision: Decision, body: JsonObject): void {
    const asking = this.ask(decision, body);
    this.all.pop();
    this.all.unshift({ ...asking, id: this.#ids.take('ask-folder') });
  }

  #add(decision: Decision, body: JsonObject, asks: boolean): Draft {
    const alone = this.#isAlone(decision);
    const hint = idHint(decision, alone);
    const title = titleOf(decision, alone);
    const condition = conditionOf(decision);
    const draft: Draft = {
      decision,
      order: this.all.length,
      id: this.#ids.take(asks ? `ask-${hint}` : hint),
      asks,
      body: {
        title: literal(asks ? `Confirm: ${title}` : title),
        ...body,
        ...(condition === undefined ? {} : { if: condition }),
      },
      asking: undefined,
      preconditions: neededSecret(decision, body, this.#settings),
      verifiers: [],
      rollback: [],
      undoIds: new Ids(),
    };
    this.all.push(draft);
    this.#told.belongsTo(decision, draft.id);
    return draft;
  }

  /** Whether no other block of its section becomes a step. A title is the name of the whole. */
  #isAlone({ block: { section }, part }: Decision): boolean {
    return part === undefined && section.level >= 2 && (this.#stepsIn.get(section) ?? 0) <= 1;
  }
}

/** A missing address of the database is told before anything is done, not by the first statement. */
function neededSecret({ block }: Decision, { tool }: JsonObject, settings: Settings): JsonValue[] {
  const secret = tool === 'sql' && block.kind === 'code' ? databaseOf(block, settings) : undefined;
  return secret === undefined ? [] : [`secret:${secret}`];
}
