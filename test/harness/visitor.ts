import type { Hono } from 'hono';

/** What a browser got, with what a test looks at. */
export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: () => Record<string, unknown>;
}

let visitors = 0;

/** The requests of one browser, at an address of its own: it keeps cookies, and says where each comes from, as browsers do. */
export class Visitor {
  private readonly jar = new Map<string, string>();
  /** The last `Set-Cookie` of each name, whole. */
  readonly set = new Map<string, string>();
  private readonly env: { readonly incoming: { readonly socket: { readonly remoteAddress: string } } };

  constructor(
    private readonly app: Hono,
    private readonly origin = 'http://localhost',
    address = `10.0.0.${++visitors}`,
  ) {
    this.env = { incoming: { socket: { remoteAddress: address } } };
  }

  /** The cookies that it sends now. */
  get cookie(): string {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** A body goes as JSON, as pages of the room send it; headers that are empty are left out. */
  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Page> {
    const { host } = new URL(this.origin);
    const own = {
      host,
      'sec-fetch-site': 'same-origin',
      'x-opsroom': '1',
      'user-agent': 'a test',
      cookie: this.cookie,
    };
    const posted = method === 'GET' ? {} : { origin: this.origin, 'content-type': 'application/json' };
    const sent = Object.entries({ ...own, ...posted, ...headers }).filter(([, value]) => value !== '');
    const init = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const answer = await this.app.request(path, { method, headers: Object.fromEntries(sent), ...init }, this.env);
    this.keep(answer.headers);
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: () => JSON.parse(text) as Record<string, unknown>,
    };
  }

  private keep(headers: Headers): void {
    for (const cookie of headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.set.set(name, cookie);
      if (/max-age=0\b/i.test(cookie)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
  }
}
