import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ChainRecord } from '#ir/proof.js';
import { digestOf } from '../kit/signed.js';
import { checkChain, checkSeal, type SignedBundle } from './check.js';

/** The bundle that docs/proof-format.md gives to other implementations; this is one of them. */
const bundle = JSON.parse(
  readFileSync(new URL('../../test/vectors/deploy.json', import.meta.url), 'utf8'),
) as SignedBundle;
const { predicate } = JSON.parse(Buffer.from(bundle.envelope.payload, 'base64').toString()) as {
  predicate: { chain: ChainRecord[]; head: { hash: string }; plan: unknown; planDigest: string };
};
const { chain, head } = predicate;

describe('a chain', () => {
  test('that is whole is found whole, and its plan is the one that was signed', async () => {
    expect(await checkChain(chain)).toEqual({ ok: true, count: chain.length });
    expect(await digestOf(predicate.plan)).toBe(predicate.planDigest);
  });

  test('is found broken at the record that was altered, dropped or swapped', async () => {
    for (const seq of chain.keys()) {
      const altered = chain.map((record) =>
        record.seq === seq ? { ...record, at: '2001-01-01T00:00:00.000Z' } : record,
      );
      expect(await checkChain(altered)).toMatchObject({ ok: false, seq });
    }
    expect(await checkChain(chain.toSpliced(2, 1))).toMatchObject({ ok: false, seq: 2 });
    const [first, second, ...rest] = chain;
    expect(await checkChain([second, first, ...rest] as ChainRecord[])).toMatchObject({ ok: false, seq: 0 });
  });
});

describe('a seal', () => {
  test('holds for the chain that was signed, and for no other', async () => {
    expect(await checkSeal(bundle, head.hash)).toMatchObject({ state: 'signed' });
    expect(await checkSeal(bundle, 'f'.repeat(64))).toMatchObject({ state: 'other chain' });
  });

  test('is refused when what was signed or the signature was changed', async () => {
    const { envelope } = bundle;
    const payload = Buffer.from(envelope.payload, 'base64').toString().replace('succeeded', 'cancelled ');
    const forged = { ...envelope, payload: Buffer.from(payload).toString('base64') };
    expect(await checkSeal({ ...bundle, envelope: forged }, head.hash)).toMatchObject({ state: 'not signed' });
    const nonsense = { ...envelope, payload: Buffer.from('{"cut off').toString('base64') };
    expect(await checkSeal({ ...bundle, envelope: nonsense }, head.hash)).toMatchObject({ state: 'not signed' });
    const unsigned = { ...envelope, signatures: [] };
    expect(await checkSeal({ ...bundle, envelope: unsigned }, head.hash)).toMatchObject({ state: 'not signed' });
  });
});
