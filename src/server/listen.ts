import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { OpsroomError } from '#kit/errors.js';

export interface Listening {
  readonly port: number;
  /** `http://127.0.0.1:4310`. */
  readonly url: string;
  /** Takes no new connections, lets requests end for `graceMs`, then breaks what is left. */
  close(graceMs: number): Promise<void>;
}

/** A client that sends byte by byte must not hold a connection for long. */
interface Patience {
  /** For the head of a request. */
  readonly headersMs: number;
  /** For all of it. */
  readonly requestMs: number;
  /** So often connections are looked at: the others hold to within this. */
  readonly lookMs: number;
}

const PATIENCE: Patience = { headersMs: 10_000, requestMs: 60_000, lookMs: 5_000 };

/**
 * Serves the app; port 0 takes any free one.
 * @throws OpsroomError PORT_IN_USE, USAGE for an address or a port that is not ours to use
 */
export async function listen(
  app: Hono,
  where: { host: string; port: number },
  { headersMs, requestMs, lookMs }: Patience = PATIENCE,
): Promise<Listening> {
  const serverOptions = {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: lookMs,
  };
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(cause, where)));
    server.listen({ host: where.host, port: where.port, exclusive: true }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const name = where.host.includes(':') ? `[${where.host}]` : where.host;
  return { port, url: `http://${name}:${port}`, close: (graceMs) => closeServer(server, graceMs) };
}

function listenError(cause: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): OpsroomError {
  const where = `${host}:${port}`;
  if (cause.code === 'EADDRINUSE') {
    return new OpsroomError('PORT_IN_USE', { what: `Port ${port} is taken by another program.`, where, cause });
  }
  const what =
    cause.code === 'EACCES' ? `Port ${port} may not be used by this user.` : `Cannot listen: ${cause.message}`;
  return new OpsroomError('USAGE', { what, where, mend: 'Name another one with --port or --host.', cause });
}

function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const last = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(last);
      resolve();
    });
    server.closeIdleConnections();
  });
}
