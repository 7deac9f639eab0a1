import { OpsroomError } from '#kit/errors.js';
import { abortReason, deadline } from '#sandbox/deadline.js';
import { type FetchReply, type FetchRequest, guardedFetch } from '#sandbox/fetch.js';
import { asUnreachable } from '#sandbox/unreachable.js';
import type { EntitySaid } from './entities.js';
import { Frontier, type Way } from './frontier.js';
import type { PageFindings } from './page.js';
import { addressOf } from './place.js';
import { Reader } from './reader.js';
import { ALL, NOTHING, type Robots, readRobots } from './robots.js';
import type { SeenSheet } from './tokens.js';

export interface CrawlLimits {
  readonly maxPages: number;
  /** Of all that is fetched, after decompression. */
  readonly maxBytes: number;
  /** Then no more is fetched, and what was found is told. */
  readonly maxMs: number;
  /** For one answer. */
  readonly pageMs: number;
}

export interface CrawledPage extends Way {
  readonly findings: PageFindings;
}

export interface Skipped {
  readonly url: string;
  readonly why: string;
}

export interface Crawled {
  readonly pages: readonly CrawledPage[];
  readonly sheets: readonly SeenSheet[];
  /** Of JSON documents. */
  readonly entities: readonly EntitySaid[];
  readonly skipped: readonly Skipped[];
  readonly elsewhere: readonly string[];
  readonly bytes: number;
  /** Why there may be more than was looked at. */
  readonly unfinished: readonly string[];
}

interface Reach {
  readonly allowAddresses: readonly string[];
  readonly mayReach: FetchRequest['mayReach'];
  readonly signal: AbortSignal;
  log(line: string): void;
}

const AGENT = 'opsroom';
/** Of robots.txt, as many as RFC 9309 asks for. */
const MOST_HOPS = 5;
const MOST_SHEETS = 50;
const MOST_SKIPPED = 200;
/** Of one page or stylesheet; a longer one is left out. */
const MOST_FILE = 1024 * 1024;

/**
 * Looks at a site page by page: its own origin only, what its robots.txt lets, each bound kept.
 * @throws OpsroomError when the page where it begins cannot be had
 */
export async function crawl(start: string, limits: CrawlLimits, reach: Reach): Promise<Crawled> {
  const survey = new Crawl(start, limits, reach);
  try {
    return await survey.run();
  } finally {
    await survey.close();
  }
}

class Crawl {
  readonly #frontier: Frontier;
  readonly #reader = new Reader();
  readonly #budget: AbortSignal;
  readonly #pages: CrawledPage[] = [];
  readonly #sheets: SeenSheet[] = [];
  readonly #entities: EntitySaid[] = [];
  readonly #skipped: Skipped[] = [];
  #robots: Robots = ALL;
  #bytes = 0;
  #asked = 0;

  constructor(
    private readonly start: string,
    private readonly limits: CrawlLimits,
    private readonly reach: Reach,
  ) {
    this.#frontier = new Frontier(start);
    this.#budget = deadline(reach.signal, limits.maxMs);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  async run(): Promise<Crawled> {
    this.#robots = await this.#robotsOf(new URL('/robots.txt', this.start).href);
    for (let way = this.#next(); way !== undefined; way = this.#next()) await this.#visit(way);
    await this.#readSheets();
    return {
      pages: this.#pages,
      sheets: this.#sheets,
      entities: this.#entities,
      skipped: this.#skipped,
      elsewhere: [...this.#frontier.elsewhere],
      bytes: this.#bytes,
      unfinished: this.#unfinished(),
    };
  }

  /** Redirects and pages that are refused count too, or a site could keep us for ever. */
  get #isSpent(): boolean {
    return this.#budget.aborted || this.#bytes >= this.limits.maxBytes || this.#asked >= 3 * this.limits.maxPages + 10;
  }

  #next(): Way | undefined {
    if (this.reach.signal.aborted) throw abortReason(this.reach.signal);
    return this.#isSpent || this.#pages.length >= this.limits.maxPages ? undefined : this.#frontier.next();
  }

  #unfinished(): string[] {
    const { maxPages, maxBytes, maxMs } = this.limits;
    return [
      ...(this.#budget.aborted ? [`It took longer than ${maxMs} ms.`] : []),
      ...(this.#bytes >= maxBytes ? [`It has more than ${maxBytes} bytes.`] : []),
      ...(!this.#frontier.isEmpty && this.#pages.length >= maxPages ? [`It has more than ${maxPages} pages.`] : []),
      ...(this.#frontier.leftOut > 0
        ? [`${this.#frontier.leftOut} addresses were left out that are like others.`]
        : []),
      ...(this.#pages.some(({ findings }) => findings.cut) ? ['Some pages hold more than is looked at.'] : []),
    ];
  }

  /** RFC 9309: what is not there forbids nothing; a server that fails forbids all, and so do rules that could not be read whole. */
  async #robotsOf(url: string, hops = MOST_HOPS): Promise<Robots> {
    const reply = await this.#fetch(url).catch((error: unknown) => {
      throw error instanceof OpsroomError ? error : asUnreachable(error);
    });
    if (reply.status >= 500 || reply.truncated) return NOTHING;
    if (reply.status >= 300 && reply.status < 400) {
      const next = addressOf(reply.headers['location'], url);
      return next === undefined || hops === 0 || !this.#frontier.isOwn(next) ? NOTHING : this.#robotsOf(next, hops - 1);
    }
    return reply.status >= 200 && reply.status < 300 ? readRobots(reply.body.toString('utf8'), AGENT) : ALL;
  }

  async #fetch(url: string): Promise<FetchReply> {
    this.#asked += 1;
    const maxBytes = Math.min(MOST_FILE, Math.max(1, this.limits.maxBytes - this.#bytes));
    const reply = await guardedFetch({
      method: 'GET',
      url,
      headers: {
        accept: 'text/html,application/xhtml+xml,application/json;q=0.9,text/css;q=0.9,*/*;q=0.1',
        'user-agent': AGENT,
      },
      allowAddresses: this.reach.allowAddresses,
      mayReach: this.reach.mayReach,
      signal: deadline(this.#budget, this.limits.pageMs),
      // A redirect is looked at before it is followed: it may leave the site.
      maxRedirects: 0,
      maxBytes,
    });
    this.#bytes += reply.body.length;
    return reply;
  }

  #skip(way: Pick<Way, 'url' | 'from'>, why: string): void {
    if (way.from === undefined)
      throw new OpsroomError('STEP_FAILED', { what: `The survey cannot begin: the page ${why}` });
    this.reach.log(`${way.url}: ${why}`);
    if (this.#skipped.length < MOST_SKIPPED) this.#skipped.push({ url: way.url, why });
  }

  /** The answer, or undefined when it is of no use; the reason is noted. */
  async #answer(way: Pick<Way, 'url' | 'from'>): Promise<FetchReply | undefined> {
    const { pathname, search } = new URL(way.url);
    if (!this.#robots.allows(pathname + search)) return this.#none(way, 'is not for robots (robots.txt)');
    try {
      const reply = await this.#fetch(way.url);
      if (reply.status >= 400) return this.#none(way, `answers ${reply.status}`);
      return reply.truncated ? this.#none(way, `is larger than ${reply.body.length} bytes`) : reply;
    } catch (error) {
      if (this.reach.signal.aborted) throw abortReason(this.reach.signal);
      if (way.from === undefined) throw error;
      return this.#none(way, `cannot be read: ${asUnreachable(error).message}`);
    }
  }

  #none(way: Pick<Way, 'url' | 'from'>, why: string): undefined {
    this.#skip(way, why);
  }

  async #visit(way: Way): Promise<void> {
    const reply = await this.#answer(way);
    if (reply === undefined) return;
    if (reply.status >= 300) return this.#follow(way, reply.headers['location']);
    const type = (reply.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    const text = decoded(reply);
    const { signal } = this.reach;
    if (type === 'text/html' || type === 'application/xhtml+xml') {
      const read = await this.#reader.read({ kind: 'page', text, url: way.url }, signal);
      if ('failed' in read) return this.#skip(way, `cannot be read: ${read.failed}`);
      this.#pages.push({ ...way, findings: read.found });
      for (const url of read.found.links) this.#frontier.offer({ url, from: way.url, depth: way.depth + 1 });
      this.reach.log(`${way.url}: ${read.found.links.length} links, ${read.found.occurrences.length} named elements`);
    } else if (/^[a-z]+\/(?:[\w.-]+\+)?json$/.test(type)) {
      const read = await this.#reader.read({ kind: 'json', text, url: way.url }, signal);
      if ('found' in read) this.#entities.push(...read.found);
    } else this.#skip(way, `is ${/^[\w.+/-]{1,80}$/.test(type) ? type : 'of no known type'}`);
  }

  #follow(way: Way, location: string | undefined): void {
    const url = addressOf(location, way.url);
    if (url === undefined || !this.#frontier.isOwn(url)) {
      const where = url === undefined ? 'nowhere' : new URL(url).origin;
      return this.#skip(way, `leads to ${where}, which is another site: begin there, if it is meant`);
    }
    this.#frontier.offer({ ...way, url });
  }

  async #readSheets(): Promise<void> {
    const open = [...new Set(this.#pages.flatMap(({ findings }) => findings.sheets))].map((url) => ({
      url,
      from: this.start,
    }));
    const seen = new Set(open.map(({ url }) => url));
    for (
      let way = open.shift();
      way !== undefined && this.#sheets.length < MOST_SHEETS && !this.#isSpent;
      way = open.shift()
    ) {
      for (const url of await this.#readSheet(way)) {
        if (seen.has(url)) continue;
        seen.add(url);
        open.push({ url, from: way.url });
      }
    }
  }

  /** Addresses of the stylesheets that it imports. */
  async #readSheet(way: { url: string; from: string }): Promise<string[]> {
    if (!this.#frontier.isOwn(way.url)) {
      this.#skip(way, 'is a stylesheet of another site');
      return [];
    }
    const reply = await this.#answer(way);
    if (reply === undefined) return [];
    if (reply.status >= 300)
      return [addressOf(reply.headers['location'], way.url) ?? ''].filter(
        (url) => url !== '' && this.#frontier.isOwn(url),
      );
    const read = await this.#reader.read({ kind: 'sheet', text: decoded(reply), url: way.url }, this.reach.signal);
    if ('failed' in read) {
      this.#skip(way, `cannot be read: ${read.failed}`);
      return [];
    }
    this.#sheets.push({ url: way.url, findings: read.found });
    return read.found.imports.flatMap((href) => addressOf(href, way.url) ?? []);
  }
}

/** By what the answer says of its letters, else by what the page does; UTF-8 where neither does. */
function decoded({ body, headers }: FetchReply): string {
  const said = /charset="?([\w-]+)/i.exec(headers['content-type'] ?? '')?.[1];
  const own = /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)/i.exec(body.subarray(0, 1024).toString('latin1'))?.[1];
  try {
    return new TextDecoder(said ?? own ?? 'utf-8').decode(body);
  } catch {
    return body.toString('utf8');
  }
}
