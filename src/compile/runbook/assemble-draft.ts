import type { JsonObject } from '#ir/json.js';
import type { Decision } from './decision.js';
import type { Section } from './document.js';
import { isChangingWork } from './work.js';

/** A step while the plan is put together. What checks and undoes it is added as the blocks after it are read. */
export interface Draft {
  readonly decision: Decision;
  readonly id: string;
  /** The question before a destructive block: it is no step of the procedure. */
  readonly asks: boolean;
  readonly body: JsonObject;
  readonly preconditions: JsonObject[];
  readonly verifiers: JsonObject[];
  readonly rollback: JsonObject[];
}

/** The finished step; it waits for the one before it. */
export function finished(draft: Draft, before: string | undefined): JsonObject {
  const lists = Object.entries({
    preconditions: draft.preconditions,
    verifiers: draft.verifiers,
    rollback: draft.rollback,
  }).filter(([, list]) => list.length > 0);
  return {
    id: draft.id,
    ...draft.body,
    dependsOn: before === undefined ? [] : [before],
    ...Object.fromEntries(lists),
  };
}

/** Whether the step does something that can be undone. */
export function isChanging({ asks, decision, body }: Draft): boolean {
  const acts = decision.label === 'run' || decision.label === 'choice';
  const changes = decision.facts === undefined || isChangingWork(decision.facts);
  return acts && changes && !asks && body['readOnly'] !== true && decision.background === undefined;
}

/** Whether the section is the other one or lies within it. */
export function isWithin(section: Section, other: Section): boolean {
  for (let at: Section | undefined = section; at !== undefined; at = at.parent) if (at === other) return true;
  return false;
}

/** The last step of a run of drafts that a check looks back at, with the alternatives that stand in its place. */
export function lastOnes(drafts: readonly Draft[]): Draft[] {
  const last = drafts.at(-1);
  const choice = last?.decision.choice;
  if (last === undefined || choice === undefined) return last === undefined ? [] : [last];
  const group = drafts.filter(({ decision, asks }) => !asks && decision.choice?.input === choice.input);
  return lastPerValue(group);
}

/** Of each alternative the last step. */
function lastPerValue(group: readonly Draft[]): Draft[] {
  return [...new Map(group.map((draft) => [draft.decision.choice?.value, draft])).values()];
}
