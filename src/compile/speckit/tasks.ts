import { MOST_DEPENDENCIES, MOST_STEPS } from '#ir/plan.js';
import { Counter, refuseManyMarks } from '../limits.js';
import { type Body, bodiesOf } from './bodies.js';
import { type Candidate, findCandidates, tasksAmong } from './candidates.js';
import { declaredIn, edgesIn } from './dependencies.js';
import type { KnownIds } from './id-lists.js';
import { knownIds } from './known-ids.js';
import { type Line, readLines } from './lines.js';
import { headingsAround, type Part, phaseOf, readOutline, storyAround, titleOf } from './outline.js';
import { pathsIn } from './paths.js';
import { cellsOf, columnsOf, isRule, type Row, readRow, rowEdges } from './rows.js';
import type { Checkpoint, Remark, Task, TaskList } from './task.js';
import { checkpointText } from './words.js';

const MOST_DETAILS = 8000;
const TICKED = /^[xX✓✔✅☑]$/u;
const STATUS_DONE =
  /^[-*+\s]{0,6}(?:status|state|estado|statut|状态|狀態|ステータス|상태)[\s*:：]{1,6}[^\p{L}]{0,6}(?:done|complete[d]?|finished|conclu[ií]d[ao]|completad[ao]|hecho|terminé|fertig|已完成|完成|完了|완료)/iu;
const PARALLEL_FIELD =
  /^[-*+\s]{0,6}(?:\[P\]|(?:parallel(?:izable)?|paralel[ao]|parallèle|并行|並行|並列|병렬)[\s*:：]{1,6}(?:yes|true|sim|sí|si|oui|ja|✅|是|はい|可|예|\[P\]))/iu;

/**
 * Reads a task list: every task in the order of the file, with what its lines say. Nothing that is written in it makes this fail,
 * unless there is too much of it. Takes time in proportion to the text.
 * @param file named in errors
 * @throws OpsroomError PLAN_TOO_LARGE for more tasks or dependencies than a plan may have
 */
export function readTasks(text: string, file = 'tasks.md'): TaskList {
  refuseManyMarks(text, file);
  const lines = readLines(text);
  const outline = readOutline(lines);
  const title = titleOf(outline);
  const candidates = findCandidates(lines, outline).filter(({ line }) => line.number !== title?.line);
  const bodies = bodiesOf(lines, candidates, tasksAmong(candidates));
  const ids = knownIds(bodies.map(({ task }) => task.head.id));
  new Counter('tasks', MOST_STEPS, file).add(bodies.length);
  const dependencies = new Counter('dependencies', MOST_DEPENDENCIES, file);
  const tasks = bodies.map((body) => {
    const task = taskOf(body, ids, title);
    dependencies.add(task.after.length + task.before.length);
    return task;
  });
  return {
    title: title?.heading,
    tasks,
    checkpoints: checkpointsOf(lines, outline, title),
    remarks: remarksOf(candidates, bodies),
    edges: sectionEdges(lines, outline, ids, dependencies),
  };
}

function taskOf(body: Body, ids: KnownIds, title: Part | undefined): Task {
  const { task, lines, parent } = body;
  const { head, part } = task;
  const row = task.form === 'row' ? readRow(task.cells, task.columns, ids) : undefined;
  const own = row?.text ?? head.text;
  const details = body.inside
    .map(({ text }) => text)
    .join('\n')
    .slice(0, MOST_DETAILS);
  const declared = declarations(body, row, ids, headingsAround(enclosing(task), title));
  const around = storyAround(part);
  const stories = [...head.stories, ...(row?.stories ?? [])];
  return {
    id: head.id?.id,
    text: own,
    details,
    state: stateOf(body, row),
    oddMark: oddMark(task.box),
    parallel: head.parallel || row?.parallel === true || body.fields.some((text) => PARALLEL_FIELD.test(text)),
    stories: stories.length > 0 || around === undefined ? stories : [around],
    tags: head.tags,
    phase: phaseOf(enclosing(task), title),
    paths: pathsIn(`${own}\n${details}`),
    lines,
    ...declared,
    parent,
    rule: ruleOf(task),
  };
}

/** A heading that is a task stands in the part around it, not in the one that it opens. */
function enclosing({ form, part }: Candidate): Part {
  return form === 'heading' ? (part.parent ?? part) : part;
}

function ruleOf({ form, head }: Candidate): Task['rule'] {
  if (head.id === undefined) return 'task-without-id';
  if (form === 'checkbox') return 'task';
  if (form === 'heading') return 'task-heading';
  return form === 'row' ? 'task-row' : 'task-line';
}

/** @param headings what they say must come before holds for every task below them */
function declarations({ task, fields, index }: Body, row: Row | undefined, ids: KnownIds, headings: readonly string[]) {
  const found = passages([task.head.text, ...fields]).map((text) => declaredIn(text, ids));
  const above = headings.flatMap((heading) => declaredIn(heading, ids).after);
  const not = (one: number) => one !== index;
  return {
    after: [...new Set([...found.flatMap(({ after }) => after), ...(row?.after ?? []), ...above])].filter(not),
    before: [...new Set(found.flatMap(({ before }) => before))].filter(not),
    unknown: [...new Set([...found.flatMap(({ unknown }) => unknown), ...(row?.unknown ?? [])])],
  };
}

const OPENS = /^(?:[-*+•‣|#>]|\d{1,4}[.)]\s|\*\*|\[)/u;

/** Lines as they are read: one that begins nothing of its own goes on with the one before. */
function passages([first = '', ...lines]: readonly string[]): string[] {
  const read = [first];
  for (const line of lines) {
    if (OPENS.test(line)) read.push(line);
    else read.push(`${read.pop() ?? ''} ${line}`);
  }
  return read;
}

function stateOf({ task, fields, boxes }: Body, row: Row | undefined): Task['state'] {
  const { head, box } = task;
  if (head.removed) return 'removed';
  if (box !== undefined && TICKED.test(box)) return 'done';
  if (box === undefined && (head.done || row?.done === true || fields.some((text) => STATUS_DONE.test(text))))
    return 'done';
  const all = boxes.length > 0 && boxes.every((inside) => TICKED.test(inside));
  return box === undefined && all ? 'done' : 'open';
}

function oddMark(box: string | undefined): string | undefined {
  return box === undefined || box === '' || TICKED.test(box) ? undefined : box;
}

function checkpointsOf(lines: readonly Line[], outline: readonly Part[], title: Part | undefined): Checkpoint[] {
  return lines.flatMap((line, index) => {
    const part = outline[index];
    if (line.kind !== 'text' || part === undefined || part.apart) return [];
    const text = checkpointText(line.text);
    return text === undefined ? [] : [{ text, phase: phaseOf(part, title), line: line.number }];
  });
}

function remarksOf(candidates: readonly Candidate[], bodies: readonly Body[]): Remark[] {
  const used = new Set(bodies.flatMap(({ task, inside }) => [task.line.number, ...inside.map(({ number }) => number)]));
  return candidates.flatMap(({ form, line, head }): Remark[] => {
    if (used.has(line.number)) return [];
    const place = { lines: { from: line.number, to: line.number }, text: line.text };
    if (form !== 'checkbox')
      return head.id?.form === 'sure'
        ? [{ ...place, rule: 'named-again', why: 'it is about a task that stands elsewhere' }]
        : [];
    return [{ ...place, rule: 'check-list', why: 'it checks the list itself, and stands under no phase' }];
  });
}

function sectionEdges(
  lines: readonly Line[],
  outline: readonly Part[],
  ids: KnownIds,
  counter: Counter,
): TaskList['edges'] {
  let columns: readonly string[] | undefined;
  const edgesOf = (line: Line, index: number): TaskList['edges'] => {
    const { kind, text, number } = line;
    if (!text.startsWith('|')) columns = undefined;
    if (outline[index]?.dependencies !== true || kind === 'blank' || kind === 'comment') return [];
    if (!text.startsWith('|')) return edgesIn(text, ids).map((edge) => ({ ...edge, line: number }));
    const head = columns;
    columns ??= columnsOf(cellsOf(text));
    if (head === undefined || isRule(text)) return [];
    return rowEdges(cellsOf(text), head, ids).map((edge) => ({ ...edge, line: number }));
  };
  return lines.flatMap((line, index) => {
    const edges = edgesOf(line, index);
    counter.add(edges.length);
    return edges;
  });
}
