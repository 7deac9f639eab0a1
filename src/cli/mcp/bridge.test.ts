import type { JSONRPCMessage, JSONRPCResultResponse, Transport } from '@modelcontextprotocol/server';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { describe, expect, test } from 'vitest';
import { OpsroomError } from '#kit/errors.js';
import { bridge, whyUnheard } from './bridge.js';

const ask = (id: number, method = 'tools/list') => ({ jsonrpc: '2.0' as const, id, method, params: {} });
const refusedConnection = () =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }) });

interface Far {
  readonly sent: JSONRPCMessage[];
  /** Of the last message. */
  signal?: AbortSignal | undefined;
  version?: string;
}

/** A room that answers each request by `respond`; one message per element of what it returns. */
function farOf(far: Far, respond: (message: JSONRPCMessage) => readonly JSONRPCMessage[]): Transport {
  const transport: Transport = {
    start: () => Promise.resolve(),
    close: () => Promise.resolve(),
    setProtocolVersion: (version) => {
      far.version = version;
    },
    send: (message, options) => {
      far.sent.push(message);
      far.signal = options?.requestSignal;
      for (const answer of respond(message)) transport.onmessage?.(answer);
      return Promise.resolve();
    },
  };
  return transport;
}

/** The answer to a request, and none to anything else. */
const answersOf = (message: JSONRPCMessage, result: JSONRPCResultResponse['result']): JSONRPCMessage[] =>
  'method' in message && 'id' in message ? [{ jsonrpc: '2.0', id: message.id, result }] : [];

/** A client and the bridge that it speaks to. */
async function bridged(open: () => Promise<Transport>) {
  const [client, near] = InMemoryTransport.createLinkedPair();
  const heard: JSONRPCMessage[] = [];
  const waiting: ((message: JSONRPCMessage) => void)[] = [];
  Object.assign(client, {
    onmessage: (message: JSONRPCMessage) => {
      heard.push(message);
      waiting.shift()?.(message);
    },
  });
  const notes: string[] = [];
  const done = bridge({ near, open, note: (text) => notes.push(text) });
  await client.start();
  const next = () => new Promise<JSONRPCMessage>((resolve) => waiting.push(resolve));
  return { client, next, heard, notes, done };
}

describe('a bridge', () => {
  test('passes messages on as they are, and remembers the version of the handshake', async () => {
    const far: Far = { sent: [] };
    const result = { protocolVersion: '2025-06-18', capabilities: {} };
    const { client, next, done } = await bridged(() =>
      Promise.resolve(farOf(far, (message) => answersOf(message, result))),
    );
    const answer = next();
    await client.send(ask(1, 'initialize'));
    expect(await answer).toEqual({ jsonrpc: '2.0', id: 1, result });
    expect(far).toMatchObject({ sent: [ask(1, 'initialize')], version: '2025-06-18' });
    await client.close();
    await done;
  });

  test('ends what the client takes back, and tells the room', async () => {
    const far: Far = { sent: [] };
    const { client, done } = await bridged(() => Promise.resolve(farOf(far, () => [])));
    await client.send(ask(7, 'tools/call'));
    await settled();
    const { signal } = far;
    const cancel = { jsonrpc: '2.0' as const, method: 'notifications/cancelled', params: { requestId: 7 } };
    await client.send(cancel);
    await settled();
    expect([signal?.aborted, far.sent.at(-1)]).toEqual([true, cancel]);
    await client.close();
    await done;
  });

  test('looks for the room again when nobody listens any more', async () => {
    const far: Far = { sent: [] };
    let opened = 0;
    const { client, next } = await bridged(() => {
      opened += 1;
      if (opened === 1) {
        const gone = farOf(far, () => []);
        return Promise.resolve({ ...gone, send: () => Promise.reject(refusedConnection()) });
      }
      return Promise.resolve(farOf(far, (message) => answersOf(message, {})));
    });
    const answer = next();
    await client.send(ask(1));
    expect(await answer).toMatchObject({ id: 1, result: {} });
    expect([opened, far.sent.length]).toEqual([2, 1]);
    await client.close();
  });

  test.each<[string, Error, string]>([
    [
      'a refusal of the room',
      Object.assign(new Error('Error POSTing to endpoint: {"code":"DENIED","what":"No.","mend":"Ask."}'), {
        status: 403,
      }),
      'DENIED: No. Ask.',
    ],
    [
      'an error of ours',
      new OpsroomError('DATA_DIR_IN_USE', { what: 'In use.', mend: 'Stop it.' }),
      'DATA_DIR_IN_USE: In use. Stop it.',
    ],
    ['anything else', new Error('socket hang up'), 'socket hang up'],
  ])('answers a request with the reason when it fails: %s', async (_, error, words) => {
    const far: Far = { sent: [] };
    const { client, next } = await bridged(() =>
      Promise.resolve({ ...farOf(far, () => []), send: () => Promise.reject(error) }),
    );
    const answer = next();
    await client.send(ask(3));
    expect(await answer).toEqual({ jsonrpc: '2.0', id: 3, error: { code: -32_603, message: words } });
    await client.close();
  });

  test('takes no answers from a client, for a room asks it nothing', async () => {
    const far: Far = { sent: [] };
    const { client, heard } = await bridged(() => Promise.resolve(farOf(far, () => [])));
    await client.send({ jsonrpc: '2.0', id: 1, result: {} });
    await settled();
    expect([far.sent, heard]).toEqual([[], []]);
    await client.close();
  });
});

test('nobody has heard what no one listened to, or what was sent with a key of another start', () => {
  expect(whyUnheard(refusedConnection())).toBe('nobody');
  expect(whyUnheard(Object.assign(new Error('no'), { status: 401 }))).toBe('key');
  expect(whyUnheard(Object.assign(new Error('no'), { status: 500 }))).toBeUndefined();
  expect(whyUnheard(new TypeError('fetch failed', { cause: new Error('reset') }))).toBeUndefined();
  expect(whyUnheard('a word')).toBeUndefined();
});

/** Everything that was on its way has arrived. */
const settled = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
