import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Stands before a room and adds a key to what passes, for a suite that cannot send one. Everything else goes through as it is,
 * `Host` and `Origin` too.
 */
export async function keyed(url: string, key: string): Promise<{ url: string; close(): Promise<void> }> {
  const { port, hostname } = new URL(url);
  const server = createServer((asked, answer) => {
    const headers = { ...asked.headers, authorization: `Bearer ${key}` };
    const on = request({ hostname, port, path: asked.url, method: asked.method, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    on.on('error', () => answer.destroy());
    answer.on('close', () => on.destroy());
    asked.pipe(on);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${new URL(url).pathname}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
