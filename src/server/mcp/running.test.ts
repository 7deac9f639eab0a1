import { describe, expect, test } from 'vitest';
import { newSession, Running } from './running.js';

const request = (id: number | string) => ({ jsonrpc: '2.0', id, method: 'tools/call' });
const cancel = (requestId: number | string) => ({
  jsonrpc: '2.0',
  method: 'notifications/cancelled',
  params: { requestId },
});

describe('a request that is being answered', () => {
  test('ends when its own client takes it back, and no other request does', () => {
    const running = new Running();
    const begun = ['a', 'b'].flatMap((session) =>
      [1, '1', 2].map((id) => running.begin('key:x', session, request(id))),
    );
    running.begin('key:x', 'a', cancel(1));
    expect(begun.map(({ signal }) => signal.aborted)).toEqual([true, false, false, false, false, false]);
  });

  test.each([
    ['key:y', 'a'],
    ['key:x', 'b'],
    ['key:x', null],
    ['key:x', ''],
    ['key:x', 'a\n'],
    ['key:x', 'a'.repeat(101)],
  ])('is nothing to %s in the session %j', (who, session) => {
    const running = new Running();
    const { signal } = running.begin('key:x', 'a', request(1));
    running.begin(who, session, cancel(1));
    expect(signal.aborted).toBe(false);
  });

  test('is forgotten once it is answered; of one id asked twice the later counts', () => {
    const running = new Running();
    const first = running.begin('key:x', 'a', request(1));
    const second = running.begin('key:x', 'a', request(1));
    first.end();
    running.begin('key:x', 'a', cancel(1));
    expect([first.signal.aborted, second.signal.aborted]).toEqual([false, true]);
    second.end();
    expect(running.size).toBe(0);
  });

  test.each([
    null,
    7,
    'text',
    [],
    { method: 'notifications/cancelled' },
    { method: 'notifications/cancelled', params: [] },
  ])('%j is no request and takes nothing back', (message) => {
    const running = new Running();
    running.begin('key:x', 'a', request(1));
    running.begin('key:x', 'a', message).end();
    expect(running.size).toBe(1);
  });
});

test('a client that begins with a handshake is given a label of its own', () => {
  const one = newSession({ jsonrpc: '2.0', id: 1, method: 'initialize' });
  expect(one).toMatch(/^[\da-f-]{36}$/);
  expect(newSession({ jsonrpc: '2.0', id: 1, method: 'initialize' })).not.toBe(one);
  expect(newSession(request(1))).toBeUndefined();
});
