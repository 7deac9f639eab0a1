import { connect, createServer, type Server, type Socket } from 'node:net';

type Mode = 'open' | 'refusing' | 'silent';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** For good: bytes are missing in it from then on. */
  silent: boolean;
}

/**
 * A wire to PostgreSQL that can be cut, fall silent, or lose a reply. It passes bytes on and knows nothing of the protocol,
 * apart from what a test looks for in them.
 */
export class Proxy {
  private readonly pairs = new Set<Pair>();
  private mode: Mode = 'open';
  private losing: { request: string; left: number } | undefined;

  private constructor(
    private readonly listener: Server,
    private target: URL,
  ) {}

  static async start(url: string): Promise<Proxy> {
    const listener = createServer();
    const proxy = new Proxy(listener, new URL(url));
    listener.on('connection', (client) => proxy.join(client));
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The connection string that leads through here. */
  get url(): string {
    const through = new URL(this.target);
    const address = this.listener.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
    through.port = String(address.port);
    through.hostname = '127.0.0.1';
    return through.href;
  }

  private join(client: Socket): void {
    client.on('error', () => undefined);
    if (this.mode === 'refusing') return void client.destroy();
    const server = connect(Number(this.target.port), this.target.hostname);
    server.on('error', () => undefined);
    const pair: Pair = { client, server, silent: this.mode === 'silent' };
    this.pairs.add(pair);
    let loses = false;
    client.on('data', (bytes) => {
      if (pair.silent) return;
      if (this.losing && this.losing.left > 0 && bytes.includes(this.losing.request)) {
        this.losing.left -= 1;
        loses = true;
      }
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (pair.silent) return;
      if (loses) {
        // The server has answered, so it has committed; nobody will hear of it.
        client.destroy();
        server.destroy();
      } else client.write(bytes);
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const)
      one.on('close', () => {
        other.destroy();
        this.pairs.delete(pair);
      });
  }

  /** Leads new connections elsewhere: a server that was started again may listen on another port. */
  retarget(url: string): void {
    this.target = new URL(url);
  }

  /** Ends every connection and refuses new ones, as a server that is down does. */
  cut(): void {
    this.mode = 'refusing';
    for (const { client, server } of this.pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
  }

  /** Nothing gets through, and nobody is told: as when a firewall forgets the connections. */
  hush(): void {
    this.mode = 'silent';
    for (const pair of this.pairs) pair.silent = true;
  }

  /** New connections get through again; those that fell silent never do. */
  mend(): void {
    this.mode = 'open';
  }

  /** The answers to the next requests that contain this text are lost, after the server has done what they ask. */
  loseReplies(request: string, count: number): void {
    this.losing = { request, left: count };
  }

  get lost(): boolean {
    return this.losing?.left === 0;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.listener.close(resolve));
  }
}
