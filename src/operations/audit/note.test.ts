import { expect, test } from 'vitest';
import { z } from 'zod';
import { canonicalJson } from '#ir/digest.js';
import type { Operation } from '../operation.js';
import { OPERATIONS } from '../registry.js';
import type { Room } from '../room.js';
import { callFact, withoutSecrets } from './note.js';

const room = { by: 'key:ci', principal: { kind: 'key', by: 'key:ci' }, origin: { door: 'http' } } as unknown as Room;
const end = { outcome: 'ok', output: {}, ms: 1, at: new Date(0) };
const named = (name: string): Operation => OPERATIONS.find((one) => one.name === name) as Operation;

/** Names of the members that may hold a secret, however deep. */
function secretMembers(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {} } = schema as { properties?: object };
  const own = Object.keys(properties).filter((name) => /^(secret|password|token|value|identity)$/i.test(name));
  return [...own, ...Object.values(schema).flatMap(secretMembers)];
}

test('of what may hold a secret no digest is kept, and of everything else one is', () => {
  const secret = callFact(
    named('webhooks.rotateSecret'),
    { webhook: 'github', secret: 'correct horse battery' },
    room,
    end,
  );
  expect(secret.data).not.toHaveProperty('input');
  expect(callFact(named('webhooks.pause'), { webhook: 'github' }, room, end).data).toHaveProperty('input');
});

test('operations that change something and take a secret say so', () => {
  const taking = OPERATIONS.filter(({ changes, input }) => {
    const members = secretMembers(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }));
    return changes && members.some((name) => name !== 'value');
  });
  expect(taking.filter(({ secretInput }) => secretInput !== true).map(({ name }) => name)).toEqual([]);
  for (const name of ['secrets.set', 'secrets.import', 'webhooks.create', 'webhooks.rotateSecret'])
    expect(named(name).secretInput, name).toBe(true);
});

test.each([0, 1])(
  'a long question is cut so that it can be written, also in the middle of an emoji: %i',
  async (shift) => {
    const mask = { text: (text: string) => text };
    const asked = { ...room, origin: { door: 'http', channel: 'ai' }, ports: { secrets: async () => ({ mask }) } };
    const asking = asked as unknown as Room;
    const input = { text: `${'a'.repeat(shift)}${'😀'.repeat(1000)}` };
    const { data } = await withoutSecrets(callFact(named('runs.list'), input, asking, end), asking);
    expect(data).toMatchObject({ question: expect.stringContaining('😀😀') });
    expect(() => canonicalJson(data)).not.toThrow();
  },
);
