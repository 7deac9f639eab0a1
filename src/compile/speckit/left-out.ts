import type { Explanation } from '../runbook/assemble/explain.js';
import type { Bundle } from './bundle.js';
import { gapEntry } from './explanation.js';
import type { Scenario } from './scenarios.js';
import type { TaskList } from './task.js';

type Gap = Explanation['leftOut'][number];

/** What became steps, of all that was read. */
export interface Used {
  readonly list: TaskList;
  readonly bundle: Bundle;
  /** Id of the step of each task that has one. */
  readonly steps: ReadonlyMap<number, string>;
  readonly explained: Explanation['steps'];
  /** Of each story. */
  readonly scenarios: ReadonlyMap<string, readonly Scenario[]>;
  /** Stories whose scenarios are looked at. */
  readonly accepted: ReadonlySet<string>;
}

/** Everything that looks like a task, a checkpoint or a scenario and is no step, with its line and why; in the order of the file. */
export function leftOut(used: Used): Gap[] {
  const inList = [...tasksOf(used), ...checkpointsOf(used), ...remarksOf(used)];
  return [...inList.sort((a, b) => a.lines.from - b.lines.from), ...scenariosOf(used)];
}

function tasksOf({ list, steps }: Used): Gap[] {
  return list.tasks.flatMap((task, index) => {
    if (steps.has(index)) return [];
    const text = `${task.id ?? ''} ${task.text}`.trim();
    const rule = task.state === 'removed' ? 'removed' : 'done';
    const why = rule === 'done' ? 'it is ticked' : 'it is struck out';
    return [gapEntry(task.lines, { rule, why, text })];
  });
}

function checkpointsOf({ list, explained }: Used): Gap[] {
  const joined = new Set(explained.filter(({ rule }) => rule === 'checkpoint').map(({ lines }) => lines.from));
  const said = { rule: 'nothing-to-join', why: 'nothing above it is left to be done' };
  return list.checkpoints.flatMap(({ line, text }) =>
    joined.has(line) ? [] : [gapEntry({ from: line, to: line }, { ...said, text })],
  );
}

function remarksOf({ list }: Used): Gap[] {
  return list.remarks.map(({ lines, ...said }) => gapEntry(lines, said));
}

function scenariosOf({ bundle, scenarios, accepted }: Used): Gap[] {
  const said = { rule: 'no-story-to-accept', why: 'no open task belongs to its story' };
  return [...scenarios.values()].flat().flatMap(({ story, text, line }) => {
    if (story !== undefined && accepted.has(story)) return [];
    return [{ ...gapEntry({ from: line, to: line }, { ...said, text }), file: bundle.spec?.path }];
  });
}
