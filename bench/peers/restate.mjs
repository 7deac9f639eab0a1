import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as restate from '@restatedev/restate-sdk';
import * as clients from '@restatedev/restate-sdk-clients';
import pg from 'pg';
import { EVIDENCE_TABLE, stepOf } from '../lib/tools.mjs';

// The SDK needs it, and Node has it from 22 on.
Promise.withResolvers ??= () => {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
};

const PORTS = { ingress: 18080, admin: 19070, node: 15122 };
const BINARY = fileURLToPath(new URL('../node_modules/.bin/restate-server', import.meta.url));

/**
 * Restate, one node as its npm package starts it, in its own log and RocksDB (write-ahead log synced, as by default), not
 * in PostgreSQL; evidence goes to PostgreSQL in verified layers. The service runs in this process, steps by `ctx.run`.
 */
export async function open({ url, layer }) {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  await pool.query(EVIDENCE_TABLE);
  const step = stepOf(layer, pool);
  let called = () => undefined;
  const stepped = (ctx, run, size, n) =>
    ctx.run(`s${n}`, () => {
      called();
      return step(run, `s${n}`, n === size - 1);
    });
  const service = restate.service({
    name: 'bench',
    handlers: {
      chain: async (ctx, { run, size }) => {
        for (let n = 0; n < size; n++) await stepped(ctx, run, size, n);
      },
      fan: async (ctx, { run, size }) => {
        await restate.RestatePromise.all(Array.from({ length: size }, (_, n) => stepped(ctx, run, size, n)));
      },
    },
  });
  const folder = await mkdtemp(join(tmpdir(), 'opsroom-bench-restate-'));
  const server = startServer(folder);
  const port = await serve(service);
  await ready(`http://127.0.0.1:${PORTS.admin}/health`, server);
  await post(`http://127.0.0.1:${PORTS.admin}/deployments`, { uri: `http://127.0.0.1:${port}`, force: true });
  const client = clients.connect({ url: `http://127.0.0.1:${PORTS.ingress}` }).serviceClient(service);
  return {
    note: 'in its own storage, not in PostgreSQL',
    run: async (shape, size, onEnd) => {
      await client[shape]({ run: randomUUID(), size });
      onEnd?.();
    },
    firstStep: async () => {
      const begin = performance.now();
      let ms;
      called = () => {
        ms ??= performance.now() - begin;
      };
      await client.chain({ run: randomUUID(), size: 3 });
      return ms;
    },
    close: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      const late = setTimeout(() => server.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(late);
      await pool.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function startServer(folder) {
  const env = {
    PATH: process.env.PATH,
    RESTATE_BASE_DIR: folder,
    RESTATE_LISTEN_MODE: 'tcp',
    RESTATE_BIND_PORT: String(PORTS.node),
    RESTATE_INGRESS__BIND_PORT: String(PORTS.ingress),
    RESTATE_ADMIN__BIND_PORT: String(PORTS.admin),
    RESTATE_DISABLE_TELEMETRY: 'true',
    RESTATE_LOG_FILTER: 'error',
    DO_NOT_TRACK: '1',
  };
  return spawn(BINARY, ['--no-logo', '--bind-ip', '127.0.0.1'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function serve(service) {
  const server = createServer(restate.createEndpointHandler({ services: [service], logger: () => undefined }));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}

async function ready(url, server) {
  for (let n = 0; n < 300; n++) {
    if (server.exitCode !== null) throw new Error('restate-server does not start');
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('restate-server is not ready after 30 s');
}

/** Registration waits until every part of the server is up. */
async function post(url, body) {
  for (let n = 0; ; n++) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (response.ok) return;
    if (n === 100) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
