import { headingOf, type Line } from './lines.js';
import { type Head, readHead } from './marks.js';
import type { Part } from './outline.js';
import { cellsOf, columnsOf, isRule } from './rows.js';
import { idKey, prefixOf } from './task-id.js';

/** A line that may be a task, before it is known which lines of the document are. */
export interface Candidate {
  readonly form: 'checkbox' | 'heading' | 'item' | 'paragraph' | 'row';
  readonly line: Line;
  readonly part: Part;
  readonly head: Head;
  /** What stands in the box of a checkbox. */
  readonly box: string | undefined;
  /** The cells of a table's row, and those of its first row. */
  readonly cells: readonly string[];
  readonly columns: readonly string[];
  /** Level of a heading; 0 for any other form. */
  readonly level: number;
}

const BULLET = /^(?:[-*+•‣]|\d{1,4}[.)])(?=\s|\[|$)\s{0,8}/u;
const BOX =
  /^(?:\\?\[[ \u00A0\u3000]{0,3}([^\s[\]]?)[ \u3000]{0,2}\\?\]|［\s?(\S?)\s?］)(?!\()(?=\s|[*~`]|[^\x00-\x7F]|[A-Z]|$)\s{0,8}/u;
const EMOJI_BOX = /^(⬜|☐|🔲|◻|☑|✅|✔|✓|🟢|🟡|🔄|⏳)\uFE0F?\s{0,8}/u;
const EMOJI_DONE = new Set(['☑', '✅', '✔', '✓', '🟢']);

/** Every line that has the form of a task. */
export function findCandidates(lines: readonly Line[], outline: readonly Part[]): Candidate[] {
  const table = new Table();
  return lines.flatMap((line, index) => {
    const part = outline[index];
    if (line.kind !== 'text' || part === undefined) {
      table.end();
      return [];
    }
    const cells = table.row(line);
    return candidateOf(line, part, cells, table.columns) ?? [];
  });
}

function candidateOf(
  line: Line,
  part: Part,
  cells: readonly string[] | undefined,
  columns: readonly string[],
): Candidate | undefined {
  const base = { line, part, box: undefined, cells: cells ?? [], columns, level: 0 };
  const heading = headingOf(line);
  if (heading !== undefined) return headed(base, heading);
  if (cells !== undefined) return row(base, cells);
  const bullet = BULLET.exec(line.text)?.[0];
  if (bullet === undefined) return paragraph(base, line.text);
  const rest = line.text.slice(bullet.length);
  return boxed(base, rest) ?? item(base, rest, bullet);
}

type Base = Omit<Candidate, 'form' | 'head'>;

function headed(base: Base, { level, text }: { level: number; text: string }): Candidate | undefined {
  const box = BOX.exec(text);
  const head = readHead(box === null ? text : text.slice(box[0].length));
  return head.id === undefined ? undefined : { ...base, form: 'heading', head, level, box: box?.[1] };
}

function row(base: Base, cells: readonly string[]): Candidate | undefined {
  const head = readHead(cells[0] ?? '');
  return head.id === undefined || head.text !== '' ? undefined : { ...base, form: 'row', head };
}

function boxed(base: Base, rest: string): Candidate | undefined {
  const box = BOX.exec(rest);
  if (box !== null) {
    const head = readHead(rest.slice(box[0].length), { box: true });
    return { ...base, form: 'checkbox', head, box: box[1] ?? box[2] ?? '' };
  }
  const emoji = EMOJI_BOX.exec(rest);
  if (emoji === null) return undefined;
  const head = readHead(rest.slice(emoji[0].length));
  // A tick before words is a remark, unless an id follows it.
  if (head.id === undefined) return undefined;
  return { ...base, form: 'checkbox', head, box: EMOJI_DONE.has(emoji[1] ?? '') ? 'x' : '' };
}

function item(base: Base, rest: string, bullet: string): Candidate | undefined {
  const head = readHead(/^\d/.test(bullet) ? rest : rest);
  return head.id === undefined || head.text === '' || !isAlone(rest, head)
    ? undefined
    : { ...base, form: 'item', head };
}

function paragraph(base: Base, text: string): Candidate | undefined {
  const head = readHead(text);
  const isMarked = text.startsWith('**') || text.startsWith('[');
  if (head.id === undefined || head.id.form === 'number' || head.text === '') return undefined;
  return isMarked && isAlone(text, head) ? { ...base, form: 'paragraph', head } : undefined;
}

/** "T004, T005 can run in parallel", "T003 + T004", "T001–T004: …" are about tasks. */
function isAlone(text: string, { id }: Head): boolean {
  const after = text.slice(id?.end ?? 0).replace(/^[*_`\])]{0,6}/, '');
  if (/^\s{0,3}(?:[,;+&/、，〜→]|~(?!~)|->|\/\/|(?:and|or|y|e|et|und)\s)/iu.test(after)) return false;
  if (/^\s{0,3}[-–—]\s{0,3}(?:T-?|TASK-?)?\d/u.test(after)) return false;
  return !/^\s{0,3}(?:can|must|should|will|may|blocks?|depends|requires|before|after|is|are|has|could|puede|pode|peut)\s/iu.test(
    after,
  );
}

class Table {
  columns: readonly string[] = [];
  #inside = false;

  end(): void {
    this.#inside = false;
    this.columns = [];
  }

  /** The cells of a line that is a row with contents; undefined for any other line, and for a table's first two. */
  row({ text }: Line): readonly string[] | undefined {
    if (!text.startsWith('|')) {
      this.end();
      return undefined;
    }
    const cells = cellsOf(text);
    if (!this.#inside) {
      this.#inside = true;
      this.columns = columnsOf(cells);
      return [];
    }
    return isRule(text) ? [] : cells;
  }
}

const RANKS = { checkbox: 0, heading: 1, paragraph: 2, item: 3, row: 4 } as const;

/**
 * The candidates that are tasks with an id of their own. What names a task a second time in a weaker form (a table of all
 * tasks, a list of what may run at once) is about it. Two that are alike are both kept: the document calls two tasks the same.
 */
export function tasksAmong(candidates: readonly Candidate[]): Candidate[] {
  const prefixes = sharedPrefixes(candidates);
  const named = candidates.filter(({ head }) => head.id !== undefined && isTrusted(head, prefixes));
  const strongest = new Map<string, number>();
  for (const one of named) {
    const key = keyOf(one);
    strongest.set(key, Math.min(strongest.get(key) ?? 9, strengthOf(one)));
  }
  const seen = new Set<string>();
  const onlyRows = named.every(({ form, part }) => form === 'row' || part.apart);
  return named.filter((one) => {
    const key = keyOf(one);
    if (strengthOf(one) !== strongest.get(key)) return false;
    if (one.form === 'checkbox' && !one.part.apart) return seen.add(key) && true;
    // Any other form is a task where it stands first, and no task where the list of tasks is talked about.
    if (seen.has(key) || isTalk(one, onlyRows)) return false;
    return seen.add(key) && true;
  });
}

/** A list without boxes, below "Dependencies" and the like; a table where the tasks stand in another form, too. */
function isTalk({ form, part }: Candidate, onlyRows: boolean): boolean {
  if (form === 'checkbox') return false;
  return part.apart || part.dependencies || (form === 'row' && !onlyRows);
}

function strengthOf({ form, part }: Candidate): number {
  return RANKS[form] + (part.apart ? 0.5 : 0);
}

function keyOf({ head }: Candidate): string {
  return idKey(head.id?.id ?? '');
}

function isTrusted({ id }: Head, prefixes: ReadonlyMap<string, number>): boolean {
  return id !== undefined && (id.form !== 'maybe' || (prefixes.get(prefixOf(id.id)) ?? 0) > 1);
}

function sharedPrefixes(candidates: readonly Candidate[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { head } of candidates) {
    if (head.id === undefined) continue;
    const prefix = prefixOf(head.id.id);
    counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  return counts;
}
