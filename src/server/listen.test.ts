import { connect } from 'node:net';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Listening, listen } from './listen.js';

let door: Listening;
beforeAll(async () => {
  const app = new Hono();
  app.onError(() => new Response(null, { status: 400 })); // of a body that was given up
  app.get('/', (context) => context.text('served'));
  app.post('/', async (context) => context.text(await context.req.text()));
  door = await listen(app, { host: '127.0.0.1', port: 0 }, { headersMs: 300, requestMs: 600, lookMs: 50 });
});
afterAll(() => door.close(0));

/** Sends `head` at once and then a byte every few milliseconds, for as long as somebody listens; resolves to the answer. */
function drip(head: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(door.port, '127.0.0.1');
    socket.write(head);
    const bytes = setInterval(() => socket.write('x'), 10);
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(bytes);
      resolve(answer);
    });
  });
}

describe('a client that sends byte by byte', () => {
  test.each([
    ['its head', 'GET / HTTP/1.1\r\nhost: localhost\r\nx-slow: '],
    ['its body', 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000000\r\n\r\n'],
  ])('%s is given up, and holds up nobody meanwhile', async (_, head) => {
    const slow = Array.from({ length: 20 }, () => drip(head));
    const served = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(door.url)).text()));
    expect(served).toEqual(Array.from({ length: 20 }, () => 'served'));
    for (const answer of await Promise.all(slow)) expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });
});
