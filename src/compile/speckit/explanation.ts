import type { Explanation } from '../runbook/assemble/explain.js';
import type { Task } from './task.js';

type Step = Explanation['steps'][number];
type Gap = Explanation['leftOut'][number];

/** Why a line is a task, in words; the rules are those of docs/speckit.md. */
const TASK_WHY: Readonly<Record<Task['rule'], string>> = {
  task: 'a box with an id',
  'task-heading': 'a heading that begins with an id: what stands below belongs to it',
  'task-line': 'a line that begins with an id, without a box',
  'task-row': 'a row of a table that begins with an id',
  'task-without-id': 'a box without an id, under a phase',
};

/** What became of one task. */
export function taskEntry(task: Task, id: string, byTool: boolean): Step {
  const marks = [
    task.parallel ? '[P]' : '',
    task.stories.join(' '),
    task.phase === undefined ? '' : `phase “${clip(task.phase.heading, 60)}”`,
  ];
  const said = marks.filter((mark) => mark !== '').join(', ');
  return {
    id,
    label: byTool ? 'run' : 'manual',
    lines: task.lines,
    rule: task.rule,
    why: said === '' ? TASK_WHY[task.rule] : `${TASK_WHY[task.rule]}; ${said}`,
    firstLine: clip(task.text || (task.id ?? ''), 100),
    background: false,
    ask: undefined,
    weak: false,
  };
}

/** A check that a person makes: a checkpoint, or the acceptance of a story. */
export function checkEntry(id: string, line: number, said: { rule: string; why: string; text: string }): Step {
  return {
    id,
    label: 'verify',
    lines: { from: line, to: line },
    rule: said.rule,
    why: said.why,
    firstLine: clip(said.text, 100),
    background: false,
    ask: undefined,
    weak: false,
  };
}

export function gapEntry(lines: Gap['lines'], said: { rule: string; why: string; text: string }): Gap {
  return { lines, rule: said.rule, why: said.why, firstLine: clip(said.text, 100) };
}

export function clip(text: string, most: number): string {
  const [first = ''] = text.split('\n');
  return first.length <= most ? first : `${first.slice(0, most - 1)}…`;
}
