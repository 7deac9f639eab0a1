import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** An HTTP server on loopback that keeps what it is sent. */
export interface Receiver {
  readonly url: string;
  readonly all: Received[];
  /** What the next requests are answered with, one after the other; then 200. */
  readonly answers: { status: number; headers?: Record<string, string>; body?: string }[];
  /** Resolves once so many have come. */
  came(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function openReceiver(): Promise<Receiver> {
  const all: Received[] = [];
  const answers: Receiver['answers'] = [];
  const waiting: { count: number; done: () => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { status, headers = {}, body = 'ok' } = answers.shift() ?? { status: 200 };
      all.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(status, headers).end(body);
      for (const one of waiting) if (all.length >= one.count) one.done();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    all,
    answers,
    came: (count) =>
      new Promise((done) => {
        if (all.length >= count) done();
        else waiting.push({ count, done });
      }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
