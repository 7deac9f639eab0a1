import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '#ir/digest.js';
import type { JsonObject } from '#ir/json.js';
import { type ChainRecord, NO_PREVIOUS, type ProofBody } from '#ir/proof.js';
import { link, recordHash, recordOf, verifyChain } from './chain.js';

const AT = new Date('2026-01-02T03:04:05.678Z');
const DIGEST = 'a'.repeat(64);
const GENESIS: ProofBody = {
  type: 'genesis',
  planDigest: DIGEST,
  inputsDigest: DIGEST,
  targetDigest: DIGEST,
  requestedBy: 'user:ada',
  approvals: [],
};
const END: ProofBody = { type: 'end', status: 'succeeded', word: 'exit code only' };

const signal = fc.record({
  kind: fc.string(),
  by: fc.string({ unit: 'grapheme' }),
  reason: fc.string(),
  step: fc.string(),
});
const bodies = fc.array(signal, { maxLength: 12 }).map((middle): ProofBody[] => {
  return [GENESIS, ...middle.map((s) => ({ type: 'signal' as const, ...s })), END];
});

function chainOf(all: readonly ProofBody[], run = 'run-1'): ChainRecord[] {
  const chain: ChainRecord[] = [];
  for (const body of all) chain.push(recordOf(link(chain.at(-1), run, AT, body)));
  return chain;
}

test('the first link hangs on nothing, the next on the one before', () => {
  const first = recordOf(link(undefined, 'run-1', AT, GENESIS));
  expect(first).toMatchObject({ v: 1, run: 'run-1', seq: 0, at: '2026-01-02T03:04:05.678Z', prev: NO_PREVIOUS });
  expect(first.hash).toBe('eb50919595e9682a1e86bac664070d0be58260cac29c636f790b0c69c7cb9341');
  expect(recordOf(link(first, 'run-1', AT, END))).toMatchObject({ seq: 1, prev: first.hash });
});

test('a field that is left out hashes as one that is undefined', () => {
  const with_ = link(undefined, 'r', AT, { type: 'signal', kind: 'pause', by: 'b', reason: '', step: undefined });
  expect(with_.hash).toBe(link(undefined, 'r', AT, { type: 'signal', kind: 'pause', by: 'b', reason: '' }).hash);
});

test('a link is the canonical text of its record, whatever the record says', () => {
  fc.assert(
    fc.property(bodies, fc.string({ unit: 'grapheme' }), (all, run) => {
      for (const body of all) {
        const { seq, hash, text } = link(undefined, run, AT, body);
        const open = { v: 1 as const, run, seq: 0, at: AT.toISOString(), prev: NO_PREVIOUS, body };
        expect(text).toBe(canonicalJson({ ...open, hash: recordHash(open) } as unknown as JsonObject));
        expect({ seq, hash }).toEqual({ seq: 0, hash: recordHash(open) });
      }
    }),
  );
});

test('any chain verifies, also after a trip through JSON', () => {
  fc.assert(
    fc.property(bodies, (all) => {
      const chain = chainOf(all);
      const last = chain.at(-1) as ChainRecord;
      expect(verifyChain(JSON.parse(JSON.stringify(chain)) as unknown[])).toEqual({
        ok: true,
        head: { seq: last.seq, hash: last.hash },
      });
    }),
  );
});

test('a record altered anywhere is named, hashed anew or not', () => {
  fc.assert(
    fc.property(bodies, fc.nat(), fc.boolean(), (all, n, anew) => {
      const chain = chainOf(all);
      const seq = n % (chain.length - 1);
      const changed = { ...(chain[seq] as ChainRecord), at: '2031-01-01T00:00:00.000Z' };
      const forged = chain.with(seq, anew ? { ...changed, hash: recordHash(changed) } : changed);
      expect(verifyChain(forged)).toEqual({ ok: false, seq, problem: 'altered' });
    }),
  );
});

test('each way of breaking a chain has its name', () => {
  const signalled: ProofBody = { type: 'signal', kind: 'pause', by: 'b', reason: 'r' };
  const chain = chainOf([GENESIS, signalled, signalled, END]);
  const [a, b, c, d] = chain as [ChainRecord, ChainRecord, ChainRecord, ChainRecord];
  const stranger = chainOf([GENESIS, signalled, END], 'run-2')[1] as ChainRecord;
  const cases: [unknown[], number, string][] = [
    [[a, c, d], 1, 'dropped'],
    [[b, c, d], 0, 'dropped'],
    [[a, c, b, d], 1, 'reordered'],
    [[a, b, b, c, d], 2, 'reordered'],
    [[a, b, c], 3, 'truncated'],
    [[], 0, 'truncated'],
    [[a, stranger, c, d], 1, 'wrong run'],
    [chainOf([signalled, END]), 0, 'first is not genesis'],
    [chainOf([GENESIS, GENESIS, END]), 1, 'second genesis'],
    [[a, null, c, d], 1, 'malformed'],
    [[a, { ...b, extra: 1 }, c, d], 1, 'malformed'],
  ];
  for (const [records, seq, problem] of cases) expect(verifyChain(records)).toEqual({ ok: false, seq, problem });
  expect(verifyChain([a, b, c], { end: 'optional' })).toMatchObject({ ok: true });
  expect(verifyChain(chain, { run: 'run-2' })).toEqual({ ok: false, seq: 0, problem: 'wrong run' });
});
