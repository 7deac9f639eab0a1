import { describe, expect, test } from 'vitest';
import { OpsroomError } from '#kit/errors.js';
import type { Posted, Received } from '#operations/webhooks/receive.js';
import { createHooks } from './hooks.js';
import { STRANGER_RATE } from './rate-limit.js';

const ID = '019ab3c0-0000-4000-8000-000000000001';
const started: Received = { delivery: 'd', verdict: 'started', runId: 'r', intentId: null };

/** The door, with a room that takes what says that it is signed. */
function door() {
  const looked: Posted[] = [];
  const receive = async (posted: Posted): Promise<Received> => {
    looked.push(posted);
    if (posted.headers.get('x-signed') === 'yes') return started;
    throw new OpsroomError('WEBHOOK_REFUSED');
  };
  const hooks = createHooks({ receive });
  hooks.onError((error) => new Response(error.message, { status: 401 }));
  const post = async (from: string, signed: 'yes' | 'no', id = ID) => {
    const env = { incoming: { socket: { remoteAddress: from } } };
    const init = { method: 'POST', body: '{}', headers: { 'x-signed': signed } };
    return (await hooks.request(`/hooks/${id}`, init, env)).status;
  };
  const guess = async (from: (n: number) => string, id = ID) => {
    for (let n = 0; n < STRANGER_RATE.burst + 20; n++) await post(from(n), 'no', id);
  };
  return { looked, post, guess };
}

describe('who guesses', () => {
  test('is refused without being looked at any more, signed or not', async () => {
    const { looked, post, guess } = door();
    await guess(() => '203.0.113.9');
    const before = looked.length;
    expect(before).toBeLessThan(STRANGER_RATE.burst + 10);
    expect([await post('203.0.113.9', 'no'), await post('203.0.113.9', 'yes')]).toEqual([429, 429]);
    expect(looked).toHaveLength(before);
  });

  test('has one network of IPv6, however many addresses of it', async () => {
    const { post, guess } = door();
    await guess((n) => `2001:db8:1:2::${n.toString(16)}`);
    expect(await post('2001:db8:1:2:ffff::1', 'no')).toBe(429);
    expect(await post('2001:db8:1:3::1', 'no')).toBe(401);
  });

  test('does not hold up who signs, from elsewhere or through the same proxy', async () => {
    const { post, guess } = door();
    expect(await post('10.0.0.1', 'yes')).toBe(202);
    await guess(() => '10.0.0.1', 'another');
    expect(await post('10.0.0.1', 'no', 'another')).toBe(429);
    expect([await post('10.0.0.1', 'yes'), await post('198.51.100.7', 'yes')]).toEqual([202, 202]);
  });
});
