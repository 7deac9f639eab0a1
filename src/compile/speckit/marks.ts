import { type FoundId, idAt, withOthers } from './task-id.js';

/** What stands before a task's own words. */
export interface Head {
  readonly id: FoundId | undefined;
  readonly parallel: boolean;
  /** `US1`, in the order they are named. */
  readonly stories: readonly string[];
  /** Other words in brackets, as they are written: `BE`, `P1`. */
  readonly tags: readonly string[];
  readonly done: boolean;
  /** Struck out, or called removed. */
  readonly removed: boolean;
  /** The task's own words. */
  readonly text: string;
}

const PARALLEL =
  /^(?:P(?: (?:with|con|com|avec|mit|与|與|と) [^[\]]{1,30})?|∥|\|\||parallel|paralelo|paralela|parallèle|parallelisierbar|并行|並行|並列|병렬)$/iu;
const STORY = /^(?:US|HU|UH|USER STORY|STORY)[-_ ]?0{0,3}(\d{1,3})$/iu;
const BRACKETED = /^[[［]([^[\]［］\n]{1,40})[\]］](?!\()|^\(([Pp]|US\d{1,3})\)/u;
const SEPARATORS = /^(?:[\s*_~:：.,|`–—-]|[)\]]|\p{Extended_Pictographic}|\uFE0F|\u200D)/u;
const DONE_MARKS = new Set(['✅', '✓', '✔', '☑']);
const REMOVED_MARKS = new Set(['❌', '🚫']);

/**
 * Reads what stands before the words of a task, in whatever order: id, `[P]`, `[US1]`, other tags, marks.
 * @param options `box`: it stands behind a box, so that a bare `1.2` is an id, too, and `T001..T004` is one for all of them
 */
export function readHead(line: string, options: { readonly box?: boolean } = {}): Head {
  const reader = new HeadReader(line, options.box === true);
  return reader.read();
}

class HeadReader {
  readonly #line: string;
  readonly #box: boolean;
  #at = 0;
  #id: FoundId | undefined;
  #parallel = false;
  readonly #stories: string[] = [];
  readonly #tags: string[] = [];
  #done = false;
  #removed = false;

  constructor(line: string, box: boolean) {
    this.#line = line;
    this.#box = box;
  }

  read(): Head {
    while (this.#skip() || this.#bracket() || this.#takeId());
    const rest = this.#line.slice(this.#at);
    const afterId = this.#line.slice(this.#id?.end ?? 0);
    const struck = /^[*_`\s]{0,4}~~/.test(this.#line) || /^[*_\s:.—–-]{0,6}~~/.test(afterId);
    return {
      id: this.#id,
      parallel: this.#parallel || this.#trailing(rest),
      stories: this.#stories,
      tags: this.#tags,
      done: this.#done,
      removed: this.#removed || struck,
      text: withoutMarks(rest),
    };
  }

  #skip(): boolean {
    const [mark] = SEPARATORS.exec(this.#line.slice(this.#at, this.#at + 4)) ?? [];
    if (mark === undefined || this.#opensWords()) return false;
    this.#done ||= DONE_MARKS.has(mark);
    this.#removed ||= REMOVED_MARKS.has(mark);
    this.#at += mark.length;
    return true;
  }

  /** A backtick before anything but an id or a tag begins the task's words: `src/a.ts` is a file, `-v` an option. */
  #opensWords(): boolean {
    const here = this.#line.slice(this.#at, this.#at + 4);
    if (here.startsWith('`')) return !/^`(?:\[|[A-Z]{1,4}[-\d])/.test(here);
    return here.startsWith('.') ? /^\.[\p{L}/.]/u.test(here) : false;
  }

  #bracket(): boolean {
    const found = BRACKETED.exec(this.#line.slice(this.#at, this.#at + 44));
    if (found === null) return false;
    const inside = (found[1] ?? found[2] ?? '').replaceAll(/[*`]/g, '').trim();
    this.#at += found[0].length;
    for (const part of inside.split(/[,/、，]\s{0,3}/)) this.#tag(part.trim());
    return true;
  }

  #tag(inside: string): void {
    if (PARALLEL.test(inside)) this.#parallel = true;
    else if (STORY.test(inside)) this.#story(inside);
    else if (/^[xX✓✔✅]$/u.test(inside)) this.#done = true;
    else if (this.#id === undefined && idAt(inside, 0)?.end === inside.length) this.#id = this.#inBrackets(inside);
    else if (inside !== '') this.#tags.push(inside);
  }

  #story(inside: string): void {
    const story = `US${Number(STORY.exec(inside)?.[1])}`;
    if (!this.#stories.includes(story)) this.#stories.push(story);
  }

  #inBrackets(inside: string): FoundId | undefined {
    const found = idAt(inside, 0);
    return found && { ...found, end: this.#at };
  }

  #takeId(): boolean {
    if (this.#id !== undefined) return false;
    const found = idAt(this.#line, this.#at, { numbers: this.#box });
    if (found === undefined || !this.#mayBeId(found)) return false;
    this.#id = this.#box ? withOthers(this.#line, found) : found;
    this.#at = this.#id.end;
    return true;
  }

  /** A bare number is an id when a point stands in it or after it: "2 retries" is none. */
  #mayBeId({ id, end, form }: FoundId): boolean {
    if (form !== 'number' || !this.#box || /\p{L}/u.test(this.#line[this.#at] ?? '')) return true;
    const next = this.#line[end] ?? '';
    return id.includes('.') ? /[\s.:：)、]/.test(next) : /[.:：)、]/.test(next);
  }

  /** `[P]` and `[US1]` at the end of the line. */
  #trailing(rest: string): boolean {
    let end = rest.trimEnd();
    let parallel = false;
    for (let found = lastTag(end); found !== undefined; found = lastTag(end)) {
      if (!PARALLEL.test(found.inside) && !STORY.test(found.inside)) break;
      if (PARALLEL.test(found.inside)) parallel = true;
      else this.#story(found.inside);
      end = end.slice(0, found.start).trimEnd();
    }
    return parallel;
  }
}

function lastTag(text: string): { readonly inside: string; readonly start: number } | undefined {
  const closed = text.replace(/[*`\s]{1,4}$/, '');
  if (!closed.endsWith(']')) return undefined;
  const start = closed.lastIndexOf('[');
  return start < 0 || closed.length - start > 20 ? undefined : { inside: closed.slice(start + 1, -1).trim(), start };
}

/** Emphasis taken off; code marks stay, for they say what is a file or a command. */
export function withoutMarks(text: string): string {
  return text
    .replaceAll(/\*\*|__|~~/g, '')
    .replaceAll(/\s{2,}/g, ' ')
    .trim();
}
