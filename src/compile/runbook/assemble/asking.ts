import { AFTER_FAILURE } from '#ir/guards.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { isSecretName } from '#ir/secret-name.js';
import { literal } from '../../literal.js';
import type { Decision } from '../blocks/decision.js';
import type { Unplaced } from './section-folder.js';
import { boundOf } from './step.js';

export const MEANT = 'Say yes only if it is meant:';

/** What somebody is asked before a step that destroys something, or that the document wants something before; undefined where nothing is asked. */
export function askText({ ask, askEachRun, gate }: Pick<Decision, 'ask' | 'askEachRun' | 'gate'>): string | undefined {
  const reasons = [ask, askEachRun].filter((one) => one !== undefined && one !== '');
  if (reasons.length === 0 && gate === undefined) return undefined;
  const wanted =
    gate === undefined
      ? []
      : [
          `The document says first: "${gate.slice(0, MOST_QUOTED)}" Yes does this block, no leaves it out; to stop, cancel the run.`,
        ];
  const danger = reasons.length === 0 ? [] : [`It is not taken back easily: ${reasons.join('; ')}.`];
  return [...wanted, ...danger, MEANT].join(' ');
}

/** What somebody is asked before all that follows a sentence like "Stop here if the count is zero", or that stands above a section's first block. */
export function stopText({ says, inCase, within, where = false }: NonNullable<Decision['stop']>): string {
  const what = inCase ? 'nothing that follows in this case' : 'nothing that follows';
  if (within !== undefined)
    return `The document says first: "${says.slice(0, MOST_QUOTED)}" Yes goes on; no leaves out all that follows in this section.`;
  const machine = where
    ? ' What follows is run by Opsroom, on its own machine: say yes only if that is the one meant.'
    : '';
  return `The document says first: "${says.slice(0, MOST_QUOTED)}"${machine} Yes goes on; no ends it here, and ${what} is done.`;
}

const MOST_QUOTED = 1_000;

/** The question with the values that the step is given in this run, so that it says what is destroyed; a secret is only named. */
export function showingInputs(body: JsonObject, steps: readonly JsonObject[]): JsonObject {
  const given = new Set(steps.flatMap((step) => Object.entries(boundOf(step).env).flatMap(shownInput)));
  const args = body['args'] as JsonObject;
  const { instructions } = args;
  if (given.size === 0 || typeof instructions !== 'string') return body;
  const told = `In this run: ${[...given].join(', ')}. ${MEANT}`;
  return { ...body, args: { ...args, instructions: instructions.replace(MEANT, () => told) } };
}

function shownInput([variable, value]: [string, JsonValue]): string[] {
  if (typeof value !== 'string') return [];
  const [, name = ''] = /^\{\{ inputs(?:\.|\[")(\w+)/.exec(value) ?? [];
  if (name === '' || isSecretName(name) || isSecretName(variable)) return [`${variable} (not shown)`];
  return [`${variable} = "${value}"`];
}

/** Before a section of which nobody knows where it is to run. @param block what goes to another folder */
export function whereText({ command }: Unplaced, block = 'It'): string {
  return `${block} goes to another folder (\`${command}\`) and does more, so it is not done before this section, which runs in the folder of the file instead. To have it run elsewhere, begin it with \`cd\`, or write {cwd=FOLDER} behind its heading`;
}

/** A manual step with the steps that are done only if somebody confirms it. */
export function guarding(body: JsonObject, guards: readonly string[]): JsonObject {
  return { ...body, args: { ...(body['args'] as JsonObject), guards: [...guards] } };
}

/** A question that is asked only once a compensation before it failed, or was left out. */
export function afterFailure(body: JsonObject): JsonObject {
  return { ...body, args: { ...(body['args'] as JsonObject), asks: AFTER_FAILURE } };
}

/** A question that is asked only where the command of a step did not come to its end. */
export function unlessDone(body: JsonObject, step: JsonValue): JsonObject {
  return { ...body, args: { ...(body['args'] as JsonObject), asks: { unlessDone: step } } };
}

export const NOT_ALL_TAKEN_BACK = `Not all that comes before it was taken back, and it may destroy something. ${MEANT}`;

/** Whether a manual step asks about a step or a compensation. */
export function asksAbout({ args }: JsonObject, id: JsonValue | undefined): boolean {
  const { guards } = (args ?? {}) as JsonObject;
  return Array.isArray(guards) && id !== undefined && guards.includes(id);
}

/** A check belongs to a step: where somebody says no to that, it is not made. Whoever is asked should know. */
export function tellingCheck(body: JsonObject, place: string): JsonObject {
  const args = body['args'] as JsonObject;
  // Above the commands, of which a long list is cut where it is shown.
  const also = `No leaves out the check of ${literal(place)}, too. ${MEANT}`;
  const { instructions } = args;
  return typeof instructions === 'string'
    ? { ...body, args: { ...args, instructions: instructions.replace(MEANT, () => also) } }
    : body;
}
