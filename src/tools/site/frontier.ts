import { shapeOf } from './shapes.js';

/** An address that is to be looked at, and how it was found. */
export interface Way {
  readonly url: string;
  /** The page that links to it; undefined for where the survey begins. */
  readonly from: string | undefined;
  /** Links between it and where the survey begins. */
  readonly depth: number;
}

/** Pages that differ in a number only are made alike: so many of them tell what the others look like. */
const SAME_SHAPE = 10;
const MOST_DEPTH = 12;
const MOST_WAITING = 10_000;
const FILES =
  /\.(?:png|jpe?g|gif|webp|avif|svg|ico|pdf|zip|gz|tgz|bz2|7z|rar|mp[34]|webm|mov|avi|woff2?|ttf|otf|eot|docx?|xlsx?|pptx?|exe|dmg|iso|js|mjs|css|map|wasm|xml|rss|atom)$/i;

/** What a survey has still to look at: each address of the site once, the nearest first. */
export class Frontier {
  readonly #seen = new Set<string>();
  readonly #shapes = new Map<string, number>();
  readonly #waiting: Way[] = [];
  readonly #origin: string;
  /** Other origins that the site links to. */
  readonly elsewhere = new Set<string>();
  /** Addresses were left out because there are many of their kind. */
  leftOut = 0;

  constructor(start: string) {
    this.#origin = new URL(start).origin;
    this.offer({ url: start, from: undefined, depth: 0 });
  }

  isOwn(url: string): boolean {
    return new URL(url).origin === this.#origin;
  }

  offer(way: Way): void {
    if (!this.isOwn(way.url)) {
      if (this.elsewhere.size < 100) this.elsewhere.add(new URL(way.url).origin);
      return;
    }
    if (this.#seen.has(way.url) || FILES.test(new URL(way.url).pathname)) return;
    if (way.depth > MOST_DEPTH || this.#waiting.length >= MOST_WAITING || this.#seen.size >= 10 * MOST_WAITING) {
      this.leftOut += 1;
      return;
    }
    this.#seen.add(way.url);
    const { path } = shapeOf(way.url);
    const alike = this.#shapes.get(path) ?? 0;
    this.#shapes.set(path, alike + 1);
    if (alike < SAME_SHAPE) this.#waiting.push(way);
    else this.leftOut += 1;
  }

  next(): Way | undefined {
    return this.#waiting.shift();
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }
}
