import { expect, test } from 'vitest';
import { following, type Kept } from './kept.js';

const at = (iso: string): Date => new Date(iso);
const grantOf = (token: string, expiresAt?: string) => ({
  redirect: 'http://127.0.0.1:1/back',
  tokens: { access_token: token, refresh_token: `again-${token}`, token_type: 'Bearer' },
  ...(expiresAt === undefined ? {} : { expiresAt }),
});
const first: Kept = { connection: 'c', grant: grantOf('one', '2026-01-01T01:00:00.000Z'), earlier: [] };

test('tokens of before are kept until they run out, and no longer', () => {
  const second = following(first, grantOf('two', '2026-01-01T03:00:00.000Z'), at('2026-01-01T00:30:00Z'));
  expect(second).toMatchObject({ connection: 'c', grant: { tokens: { access_token: 'two' } } });
  expect(second.earlier).toEqual([
    { access_token: 'one', refresh_token: 'again-one', until: '2026-01-01T01:00:00.000Z' },
  ]);
  const third = following(second, grantOf('three'), at('2026-01-01T01:00:00Z'));
  expect(third.earlier.map((one) => one.access_token)).toEqual(['two']);
});

test('one that does not say when it runs out is kept for a day, and the latest of many', () => {
  const now = at('2026-01-01T00:00:00Z');
  const second = following({ ...first, grant: grantOf('one') }, grantOf('two'), now);
  expect(second.earlier[0]?.until).toBe('2026-01-02T00:00:00.000Z');
  let many = second;
  for (let n = 0; n < 40; n += 1) many = following(many, grantOf(`t${n}`), now);
  expect(many.earlier).toHaveLength(16);
  expect(many.earlier.at(-1)?.access_token).toBe('t38');
});
