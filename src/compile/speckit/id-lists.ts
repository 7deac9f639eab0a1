import { countedId, idAt, idKey } from './task-id.js';

/** The tasks that a document has, to look ids up in. */
export interface KnownIds {
  /** Number of the task, in the order of the document; of two with one id, the first. */
  find(id: string): number | undefined;
  /** Tasks whose ids share the stem and lie between both numbers. */
  between(stem: string, first: number, last: number): readonly number[];
  /** Whether ids are bare numbers, `1.2`. */
  readonly numbers: boolean;
}

/** A list of ids as it stands in a text: what of it is known, what is not, and where it ends. */
export interface IdList {
  readonly tasks: readonly number[];
  readonly unknown: readonly string[];
  readonly end: number;
}

const MOST_IN_LIST = 2000;
const SPACE = /[\s*_`"'“”（([]{0,6}/y;
const NOTE = /[\s*_`)\]）]{0,6}(?:[（(][^()（）\n]{0,160}[）)])?[\s*_`)\]）]{0,6}/y;
const SEPARATOR = /(?:[,;、，；&+/|・]|(?:and|or|y|e|et|und|en|i|та|и|和|与|與|及|と|や|및|와|과)(?![\p{L}])){1,2}/iuy;
const RANGE =
  /(?:-|–|—|~|〜|～|\.{2,3}|…|to(?!\p{L})|through(?!\p{L})|thru(?!\p{L})|至|到|から|부터|a(?!\p{L})|à(?!\p{L})|bis(?!\p{L}))/iuy;
const WORDS = /(?:all|both|tasks?|of|the|tareas?|tarefas?|任务|任務|タスク|작업)(?![\p{L}]|[-_]\d)[\s:：]{0,3}/iuy;

/** The ids from `at` on, as `T001, T003–T005 and T9`; undefined where none stands there. */
export function readIdList(text: string, at: number, known: KnownIds): IdList | undefined {
  return new ListReader(text, at, known).read();
}

class ListReader {
  readonly #text: string;
  readonly #known: KnownIds;
  #at: number;
  readonly #tasks: number[] = [];
  readonly #unknown: string[] = [];

  constructor(text: string, at: number, known: KnownIds) {
    this.#text = text;
    this.#at = at;
    this.#known = known;
  }

  read(): IdList | undefined {
    let end = this.#at;
    while (this.#tasks.length + this.#unknown.length < MOST_IN_LIST) {
      if (!this.#item()) break;
      end = this.#at;
      this.#pass(NOTE);
      if (!this.#pass(SEPARATOR)) break;
    }
    const found = this.#tasks.length + this.#unknown.length > 0;
    return found ? { tasks: this.#tasks, unknown: this.#unknown, end } : undefined;
  }

  #item(): boolean {
    this.#pass(SPACE);
    while (this.#pass(WORDS));
    this.#pass(SPACE);
    const first = this.#id();
    if (first === undefined) return false;
    const last = this.#rangeEnd();
    if (last === undefined) this.#add(first);
    else this.#addRange(first, last);
    return true;
  }

  #id(): string | undefined {
    const found = idAt(this.#text, this.#at, { numbers: this.#known.numbers });
    if (found === undefined) return undefined;
    this.#at = found.end;
    return found.id;
  }

  #rangeEnd(): string | undefined {
    const before = this.#at;
    this.#pass(SPACE);
    if (this.#pass(RANGE)) {
      this.#pass(SPACE);
      const last = this.#id() ?? this.#digits();
      if (last !== undefined) return last;
    }
    this.#at = before;
    return undefined;
  }

  /** `T001-004`: the second number alone. */
  #digits(): string | undefined {
    const found = /^\d{1,6}(?![\p{L}\p{N}.])/u.exec(this.#text.slice(this.#at, this.#at + 8))?.[0];
    if (found === undefined) return undefined;
    this.#at += found.length;
    return found;
  }

  #add(id: string): void {
    const task = this.#known.find(id);
    if (task === undefined) this.#unknown.push(id);
    else this.#tasks.push(task);
  }

  #addRange(first: string, last: string): void {
    const [from, to] = [countedId(first), countedId(last)];
    const sameStem = from !== undefined && to !== undefined && (to.stem === '' || idKey(from.stem) === idKey(to.stem));
    const tasks = sameStem ? this.#known.between(from.stem, from.number, to.number) : [];
    if (tasks.length > 0) return void this.#tasks.push(...tasks.slice(0, MOST_IN_LIST));
    this.#add(first);
    this.#add(last);
  }

  #pass(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found !== '';
  }
}

/** Every list of ids in a text, in order. */
export function idListsIn(text: string, known: KnownIds): IdList[] {
  const lists: IdList[] = [];
  let at = 0;
  while (at < text.length) {
    // Ids begin with a capital letter or a digit; what stands inside a word is none.
    const next = nextStart(text, at);
    if (next < 0) break;
    const list = readIdList(text, next, known);
    if (list !== undefined) lists.push(list);
    at = Math.max(list?.end ?? 0, endOfWord(text, next));
  }
  return lists;
}

const START = /(?<![\p{L}\p{N}_])[A-Z\d]/gu;

function nextStart(text: string, at: number): number {
  START.lastIndex = at;
  return START.exec(text)?.index ?? -1;
}

function endOfWord(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && /[A-Za-z0-9_]/.test(text[end] ?? '')) end += 1;
  return end;
}
