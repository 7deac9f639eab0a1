import type { JsonObject, JsonValue } from '#ir/json.js';
import { literal } from './assemble-inputs.js';
import type { Unplaced } from './section-folder.js';

export const MEANT = 'Say yes only if it is meant:';

/** What somebody is asked before a destructive step. */
export function askText(danger: string): string {
  return `It is not taken back easily: ${danger}. ${MEANT}`;
}

/** Before a section of which nobody knows where it is to run. */
export function whereText({ command }: Unplaced): string {
  return `It goes to another folder (\`${command}\`) and does more, so it is not done before this section, which runs in the folder of the file instead. To have it run elsewhere, begin it with \`cd\`, or write {cwd=FOLDER} behind its heading`;
}

/** A manual step with the steps that are done only if somebody confirms it. */
export function guarding(body: JsonObject, guards: readonly string[]): JsonObject {
  return { ...body, args: { ...(body['args'] as JsonObject), guards: [...guards] } };
}

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
