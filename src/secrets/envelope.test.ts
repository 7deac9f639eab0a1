import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Place, rewrap, seal, unseal } from './envelope.js';
import { makeVaultKey } from './vault-key.js';

const key = makeVaultKey();
const place: Place = { org: 'o', name: 'TOKEN', environment: 'staging', app: 'shop', version: 3 };
const altered = expect.objectContaining({ code: 'SECRET_ALTERED' });

describe('a sealed secret', () => {
  test('opens where it belongs, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => {
        expect(unseal(seal(value, place, key), place, [makeVaultKey(), key])).toBe(value);
      }),
    );
  });

  test('is another ciphertext each time', () => {
    const [one, other] = [seal('the same', place, key), seal('the same', place, key)];
    expect(one.body.equals(other.body)).toBe(false);
    expect(one.dataKey.equals(other.dataKey)).toBe(false);
  });

  test.each<Partial<Place>>([
    { org: 'p' },
    { name: 'OTHER' },
    { environment: 'production' },
    { environment: '' },
    { app: 'stagingshop' },
    { version: 2 },
  ])('does not open as the row of %j', (other) => {
    expect(() => unseal(seal('hunter2!', place, key), { ...place, ...other }, [key])).toThrow(altered);
  });

  test('does not open with parts of another row of the same place', () => {
    const [one, other] = [seal('first', place, key), seal('second', place, key)];
    expect(() => unseal({ ...one, body: other.body }, place, [key])).toThrow(altered);
    expect(() => unseal({ ...one, dataKey: other.dataKey }, place, [key])).toThrow(altered);
  });

  test('with any bit changed, or cut short, does not open', () => {
    const sealed = seal('hunter2!', place, key);
    const part = fc.constantFrom('body' as const, 'dataKey' as const);
    fc.assert(
      fc.property(part, fc.nat(), fc.integer({ min: 0, max: 7 }), fc.boolean(), (which, where, bit, cut) => {
        const bytes = Buffer.from(sealed[which]);
        const at = where % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        const changed = cut ? sealed[which].subarray(0, at) : bytes;
        expect(() => unseal({ ...sealed, [which]: changed }, place, [key])).toThrow(altered);
      }),
    );
  });

  test('under a key that is not here says which it was, and is no damage', () => {
    const other = makeVaultKey();
    expect(() => unseal(seal('hunter2!', place, key), place, [other])).toThrow(
      expect.objectContaining({ code: 'VAULT_KEY', message: expect.stringContaining(key.id) as string }),
    );
    expect(() => unseal(seal('hunter2!', place, key), place, [])).toThrow(/there is none here/);
  });

  test('claimed to be under another key than it is does not open', () => {
    const other = makeVaultKey();
    const sealed = { ...seal('hunter2!', place, key), keyId: other.id };
    expect(() => unseal(sealed, place, [key, other])).toThrow(altered);
  });

  test('wrapped anew opens under the new key alone, its body as it was', () => {
    const next = makeVaultKey();
    const sealed = seal('hunter2!', place, key);
    const moved = rewrap(sealed, place, [key], next);
    expect(unseal(moved, place, [next])).toBe('hunter2!');
    expect(moved.body).toBe(sealed.body);
    expect(() => unseal(moved, place, [key])).toThrow(expect.objectContaining({ code: 'VAULT_KEY' }));
  });
});
