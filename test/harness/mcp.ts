import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Worker } from '#execute/worker.js';
import { listen } from '#server/listen.js';
import { type TestApi, type TestApiOptions, testApi } from './api.js';

/** The versions that clients speak: the stateless one, and those that begin with a handshake. */
export const ERAS = ['modern', 'legacy'] as const;
export type Era = (typeof ERAS)[number];

export const clientOf = (era: Era): Client =>
  new Client(
    { name: 'a test', version: '1.0.0' },
    { versionNegotiation: { mode: era === 'legacy' ? 'legacy' : { pin: '2026-07-28' } } },
  );

/** A room that listens and works, for clients of its MCP server. */
export interface McpRoom extends TestApi {
  readonly url: string;
  readonly worker: Worker;
  /** A client with this key, connected. Closed with the room. */
  connect(key: string, era: Era): Promise<Client>;
}

export async function mcpRoom(options: TestApiOptions = {}): Promise<McpRoom> {
  const api = await testApi(options);
  const listening = await listen(api.app, { host: '127.0.0.1', port: 0 });
  const worker = await api.open.startWorker('all');
  const clients: Client[] = [];
  const url = `${listening.url}/mcp`;
  return {
    ...api,
    url,
    worker,
    connect: async (key, era) => {
      const client = clientOf(era);
      const requestInit = { headers: { authorization: `Bearer ${key}` } };
      await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
      clients.push(client);
      return client;
    },
    close: async () => {
      for (const client of clients) await client.close();
      await worker.drain(0, AbortSignal.abort());
      await listening.close(0);
      await api.close();
    },
  };
}
