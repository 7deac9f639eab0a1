import type { Lines } from '../runbook/markdown/document.js';
import type { Candidate } from './candidates.js';
import { headingOf, type Line } from './lines.js';

/** A task with the lines below it that belong to it. */
export interface Body {
  /** Its place among the tasks. */
  readonly index: number;
  readonly task: Candidate;
  readonly lines: Lines;
  /** Lines below it that belong to it and to no task inside it. */
  readonly inside: readonly Line[];
  /** The text of those that are no code. */
  readonly fields: readonly string[];
  /** What stands in the boxes below it that are no tasks. */
  readonly boxes: readonly string[];
  readonly parent: number | undefined;
}

interface Open {
  readonly index: number;
  readonly task: Candidate;
  readonly inside: Line[];
  readonly boxes: string[];
  readonly parent: number | undefined;
  last: number;
}

/**
 * Which lines belong to which task: what is indented below an item, what stands below a heading or a bold line. A box without
 * an id that belongs to no task is a task of its own, unless it stands where the list is talked about.
 */
export function bodiesOf(
  lines: readonly Line[],
  candidates: readonly Candidate[],
  named: readonly Candidate[],
): Body[] {
  return new Bodies(candidates, named).read(lines);
}

class Bodies {
  readonly #candidates: ReadonlyMap<number, Candidate>;
  readonly #named: ReadonlySet<Candidate>;
  readonly #done: Open[] = [];
  /** From the outermost to the innermost. */
  #open: Open[] = [];

  constructor(candidates: readonly Candidate[], named: readonly Candidate[]) {
    this.#candidates = new Map(candidates.map((one) => [one.line.number, one]));
    this.#named = new Set(named);
  }

  read(lines: readonly Line[]): Body[] {
    for (const line of lines) this.#line(line);
    return this.#done.map(({ last, ...one }) => ({
      ...one,
      lines: { from: one.task.line.number, to: last },
      fields: one.inside.flatMap(({ kind, text }) => (kind === 'text' ? [text] : [])),
    }));
  }

  #line(line: Line): void {
    if (line.kind === 'blank' || line.kind === 'comment') return;
    const candidate = this.#candidates.get(line.number);
    this.#close(line, candidate);
    if (candidate !== undefined && this.#isTask(candidate)) return this.#begin(candidate);
    const owner = this.#open.at(-1);
    if (owner === undefined) return;
    owner.inside.push(line);
    if (candidate?.form === 'checkbox') owner.boxes.push(candidate.box ?? '');
    for (const one of this.#open) one.last = line.number;
  }

  #isTask(candidate: Candidate): boolean {
    if (this.#named.has(candidate)) return true;
    if (candidate.form !== 'checkbox' || this.#open.length > 0) return false;
    return !candidate.part.apart && !candidate.part.dependencies;
  }

  #begin(task: Candidate): void {
    const parent = this.#open.at(-1);
    const begun = {
      index: this.#done.length,
      task,
      inside: [],
      boxes: [],
      parent: parent?.index,
      last: task.line.number,
    };
    for (const one of this.#open) one.last = task.line.number;
    this.#done.push(begun);
    this.#open.push(begun);
  }

  #close(line: Line, candidate: Candidate | undefined): void {
    const level = headingOf(line)?.level;
    const begins = candidate !== undefined && this.#named.has(candidate);
    this.#open = this.#open.filter(({ task }) => {
      if (task.form === 'heading') return level === undefined || level > task.level;
      if (task.form === 'row' || level !== undefined) return false;
      if (task.form === 'paragraph') return !begins && !/^(?:-{3,}|\*{3,}|_{3,})$/.test(line.text);
      return line.indent > task.line.indent;
    });
  }
}
