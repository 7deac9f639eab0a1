import type { LogLine, LogPage } from '../data.js';

/** Lines that are asked for together. */
export const PAGE = 200;
/** As many pages stay in memory as a reader is likely to go back to. */
const MOST_PAGES = 60;

/** What a row of the log shows: a line by its number, or the lines that the cap dropped. */
export type Row = { readonly number: number } | { readonly dropped: number };

/** The log of one attempt as far as it was read: a bounded number of pages around where the reader is. */
export class LineStore {
  #read = false;
  #total = 0;
  #gap: LogPage['gap'] = null;
  /** Lines by page; the page that was looked at last stands last. */
  readonly #pages = new Map<number, Map<number, LogLine>>();

  get total(): number {
    return this.#total;
  }

  get gap(): LogPage['gap'] {
    return this.#gap;
  }

  /** How many rows there are: each line, and one for all that were dropped. */
  get rows(): number {
    return this.#total - (this.#gap === null ? 0 : this.#gap.count - 1);
  }

  /** What stands in a row, counted from 0. */
  row(index: number): Row {
    const gap = this.#gap;
    const number = index + 1;
    if (gap === null || number < gap.from) return { number };
    return number === gap.from ? { dropped: gap.count } : { number: number + gap.count - 1 };
  }

  /** The row of a line. */
  indexOf(number: number): number {
    const gap = this.#gap;
    if (gap === null || number < gap.from) return number - 1;
    return number < gap.from + gap.count ? gap.from - 1 : number - gap.count;
  }

  line(number: number): LogLine | undefined {
    return this.#pages.get(pageOf(number))?.get(number);
  }

  /** Takes in what was read, or what a stream told. A log only grows. */
  put(lines: readonly LogLine[], total: number, gap: LogPage['gap']): void {
    this.#read = true;
    this.#total = Math.max(this.#total, total, ...lines.slice(-1).map(({ number }) => number));
    this.#gap = gap ?? this.#gap;
    for (const line of lines) {
      if (line.stream === 'gap') continue;
      const page = pageOf(line.number);
      const known = this.#pages.get(page) ?? new Map<number, LogLine>();
      this.#pages.delete(page);
      this.#pages.set(page, known.set(line.number, line));
    }
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= MOST_PAGES) break;
      this.#pages.delete(page);
    }
  }

  /** The first lines of the pages that are needed to show these rows and are not there, in order. */
  missing(first: number, last: number): number[] {
    if (!this.#read) return [1];
    const wanted = new Set<number>();
    for (let index = first; index <= last; index++) {
      const row = this.row(index);
      if ('number' in row && row.number <= this.#total && this.line(row.number) === undefined)
        wanted.add(pageOf(row.number));
    }
    return [...wanted].map((page) => page * PAGE + 1);
  }
}

const pageOf = (number: number): number => Math.floor((number - 1) / PAGE);
