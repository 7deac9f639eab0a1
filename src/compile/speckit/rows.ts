import { declaredIn, type Edge, product } from './dependencies.js';
import { type KnownIds, readIdList } from './id-lists.js';

/** What the other cells of a table's row say of a task. */
export interface Row {
  readonly text: string;
  readonly stories: readonly string[];
  readonly parallel: boolean;
  readonly done: boolean;
  readonly after: readonly number[];
  readonly unknown: readonly string[];
}

const TITLE =
  /title|task|name|description|what|título|titulo|tarea|tarefa|descri|tâche|任务名称|任务|任務|名称|タスク|内容|제목|작업/u;
const DEPENDS = /depend|dépend|abhängig|blocked|requires|prereq|依赖|依賴|依存|前置|선행|의존/u;
const STATUS = /status|state|done|estado|statut|状态|狀態|ステータス|상태|完了/u;
const STORY = /story|stories|história|historia|récit|故事|ストーリー|스토리/u;
const PARALLEL = /parallel|\[p\]|paralel|并行|並行|並列|병렬/u;
const DONE = /done|complete|✅|✓|\[x\]|conclu|已完成|完了|완료/iu;
const MARKED = /(?:^|\s)\[P\](?=\s|$|[,，、])/u;
const YES = /^(?:yes|y|true|\[?p\]?|✅|✓|x|sim|sí|oui|是|はい|예)$/iu;

/** The cells of a line of a table. */
export function cellsOf(line: string): string[] {
  const inside = line.replace(/^\|/, '').replace(/\|\s{0,8}$/, '');
  return inside.split(/(?<!\\)\|/).map((cell) => cell.trim());
}

/** What the first row of a table calls its columns. */
export function columnsOf(cells: readonly string[]): string[] {
  return cells.map((cell) => cell.replaceAll(/[*_`]/g, '').toLowerCase());
}

/** Whether a line of a table only sets its head apart. */
export const isRule = (line: string): boolean => /^[\s|:-]*$/.test(line);

/** What a row of a table says whose first cell names tasks and whose columns say what those wait for. */
export function rowEdges(cells: readonly string[], columns: readonly string[], ids: KnownIds): Edge[] {
  const at = columns.findIndex((column, index) => index > 0 && DEPENDS.test(column));
  const tasks = readIdList(cells[0] ?? '', 0, ids)?.tasks ?? [];
  const first = at < 0 ? [] : (readIdList(cells[at] ?? '', 0, ids)?.tasks ?? []);
  return product(first, tasks);
}

/** Reads the cells by what the first row of the table calls them; the first cell is the id. */
export function readRow(cells: readonly string[], columns: readonly string[], ids: KnownIds): Row {
  const cell = (names: RegExp): string => {
    const at = columns.findIndex((column, index) => index > 0 && names.test(column));
    return at < 0 ? '' : (cells[at] ?? '');
  };
  const list = readIdList(cell(DEPENDS), 0, ids);
  const said = cells.slice(1).map((text) => declaredIn(text, ids));
  const story = /(?:US|HU)[-_ ]?0{0,3}(\d{1,3})/i.exec(cell(STORY))?.[1];
  return {
    text: cell(TITLE) || (cells.slice(1).find((text) => text !== '') ?? ''),
    stories: story === undefined ? [] : [`US${Number(story)}`],
    parallel: YES.test(cell(PARALLEL)) || cells.slice(1).some((text) => MARKED.test(text)),
    done: DONE.test(cell(STATUS)) && !/not|未|待/iu.test(cell(STATUS)),
    after: [...(list?.tasks ?? []), ...said.flatMap(({ after }) => after)],
    unknown: [...(list?.unknown ?? []), ...said.flatMap(({ unknown }) => unknown)],
  };
}
