import type { JsonObject, JsonValue } from '#ir/json.js';
import { type Decision, isRun } from '../blocks/decision.js';
import type { Ids } from '../blocks/names.js';
import { isNote } from '../blocks/prepares.js';
import { isChangingWork } from '../blocks/work.js';
import type { Lines } from '../markdown/document.js';

/** A step while the plan is put together. What checks and undoes it is added as the blocks after it are read. */
export interface Draft {
  readonly decision: Decision;
  readonly id: string;
  /** Its place among the steps, from 0. */
  readonly order: number;
  /** The question before a destructive block: it is no step of the procedure. */
  readonly asks: boolean;
  body: JsonObject;
  /** The question that stands before it: it may be left out. */
  asking: Draft | undefined;
  readonly preconditions: JsonValue[];
  readonly verifiers: JsonObject[];
  readonly rollback: JsonObject[];
  /** Of the steps of its rollback. */
  readonly undoIds: Ids;
}

/** Whether it may be that it is not done: somebody says no, or its condition does. */
export const isConditional = ({ asking, body }: Draft): boolean => asking !== undefined || body['if'] !== undefined;

/** Nothing is looked at before a step that waits for a person. */
export const isDoneByTool = ({ body }: Draft): boolean => body['kind'] !== 'system';

/** The finished step; it waits for the one before it. `takenBack`: a rollback undoes it, its own or that of another step. */
export function finished(draft: Draft, before: string | undefined, takenBack: boolean): JsonObject {
  const lists = Object.entries({
    preconditions: draft.preconditions,
    verifiers: draft.verifiers,
    rollback: draft.rollback,
  }).filter(([name, list]) => list.length > 0 || (name === 'rollback' && takenBack));
  return {
    id: draft.id,
    ...draft.body,
    dependsOn: before === undefined ? [] : [before],
    ...Object.fromEntries(lists),
  };
}

/** Whether the step does something that can be undone. */
export function isChanging({ asks, decision, body }: Draft): boolean {
  const changes = decision.facts === undefined || isChangingWork(decision.facts);
  const looks = body['readOnly'] === true || body['action'] === 'query';
  return isRun(decision) && changes && !asks && !looks && decision.background === undefined;
}

/** The last step, with the alternatives that stand in its place: of each the last. */
export function lastOnes(drafts: readonly Draft[]): Draft[] {
  const last = drafts.at(-1)?.decision;
  const input = last?.choice?.input;
  if (input === undefined) return drafts.slice(-1);
  const before = drafts.findLastIndex(({ decision }) => decision.choice?.input !== input);
  // What is done in some case only may not be done: then the step before it is the last.
  if (last?.rule === 'condition') return [...lastOnes(drafts.slice(0, before + 1)), ...drafts.slice(-1)];
  const group = drafts.slice(before + 1).filter(({ asks }) => !asks);
  return [...new Map(group.map((draft) => [draft.decision.choice?.value, draft])).values()];
}

const SAYS = /^(?:echo|printf|date|logger|)$/;

/**
 * The steps up to the one that a check behind them looks at: a line in a log that ends a procedure is not what made it so. Where nobody can
 * say that what comes before it is done, or the check looks at that line, they are all.
 */
export function upToWork(drafts: readonly Draft[], check: string): readonly Draft[] {
  const last = drafts.findLastIndex((draft) => !isLine(draft, check));
  const work = drafts[last];
  return work !== undefined && isChanging(work) && !isConditional(work) ? drafts.slice(0, last + 1) : drafts;
}

function isLine({ asks, asking, body, decision: { label, facts, part } }: Draft, check: string): boolean {
  if (label !== 'run' || asks || asking !== undefined || body['if'] !== undefined || part !== undefined) return false;
  if (facts === undefined || facts.assignedVariables.length > 0 || facts.sources) return false;
  return facts.commands.every(
    (command) =>
      SAYS.test(command.program) &&
      (command.program === 'logger' || isNote(command)) &&
      command.writes.every((file) => !check.includes(nameOf(file))),
  );
}

const nameOf = (file: string): string => file.replaceAll(/["']/g, '').replace(/^.*\//s, '');

/** Those of drafts in document order that lie within some lines. */
export function within(drafts: readonly Draft[], { from, to }: Lines): Draft[] {
  let [low, high] = [0, drafts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((drafts[middle]?.decision.block.lines.from ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  const found: Draft[] = [];
  for (let at = low; at < drafts.length; at += 1) {
    const draft = drafts[at];
    if (draft === undefined || draft.decision.block.lines.from > to) break;
    if (draft.decision.block.lines.to <= to) found.push(draft);
  }
  return found;
}
