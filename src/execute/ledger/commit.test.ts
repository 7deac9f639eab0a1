import { DatabaseError, type Pool } from 'pg';
import { describe, expect, test } from 'vitest';
import type { Turn } from '../records.js';
import { Committer, OutcomeUnknown, TurnRefused } from './commit.js';

/** A pool whose every statement is answered by the test: a real server cannot be made to fail at will between two statements. */
class ScriptedPool {
  /** Runs of each statement, in the order of the statements. */
  readonly batches: string[][] = [];
  atOnce = 0;
  most = 0;

  constructor(private readonly answer: (runs: readonly string[], n: number) => Promise<number[]> | number[]) {}

  async query({ values: [, runs = []] }: { values: string[][] }): Promise<{ rows: { held: number[] }[] }> {
    this.batches.push(runs);
    this.atOnce += 1;
    this.most = Math.max(this.most, this.atOnce);
    try {
      // A round trip: what is submitted in the meantime waits.
      await new Promise((resolve) => setImmediate(resolve));
      const held = await this.answer(runs, this.batches.length);
      return { rows: [{ held: held.map((place) => place + 1) }] };
    } finally {
      this.atOnce -= 1;
    }
  }
}

const all = (runs: readonly string[]) => runs.map((_, n) => n);
const committer = (pool: ScriptedPool) => new Committer(pool as unknown as Pool, undefined);
const turn = (run: string): Turn => ({
  org: 'o',
  run,
  epoch: 1,
  owner: 'w',
  finished: [],
  started: [],
  proofs: [],
  evidence: [],
  events: [],
  signals: [],
  change: null,
});
const serverError = (code: string, severity = 'ERROR') =>
  Object.assign(new DatabaseError('as asked', 1, 'error'), { code, severity });
const names = (count: number) => Array.from({ length: count }, (_, n) => `r${n}`);

async function submitAll(pool: ScriptedPool, runs: readonly string[]): Promise<(string | Error)[]> {
  const to = committer(pool);
  return Promise.all(runs.map((run) => to.submit(turn(run)).catch((error: Error) => error)));
}

describe('group commit', () => {
  test('what completes at once goes together, and what completes while a commit is under way in the next', async () => {
    const pool = new ScriptedPool(all);
    const to = committer(pool);
    const first = names(60).map((run) => to.submit(turn(run)));
    while (pool.batches.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const fates = await Promise.all([...first, ...names(40).map((run) => to.submit(turn(run)))]);
    expect(fates).toEqual(names(100).map(() => 'held'));
    expect(pool.batches.map((b) => b.length)).toEqual([60, 40]);
    expect(pool.most).toBe(1);
  });

  test('only the turns whose fence held are held', async () => {
    const pool = new ScriptedPool((runs) => all(runs).filter((n) => runs[n] !== 'r7'));
    const fates = await submitAll(pool, names(20));
    expect(fates.map((fate, n) => (fate === 'fenced' ? n : undefined)).filter((n) => n !== undefined)).toEqual([7]);
  });

  test('an ERROR splits the batch, and the culprit alone is refused', async () => {
    const pool = new ScriptedPool((runs) => {
      if (runs.includes('r9')) throw serverError('22P05');
      return all(runs);
    });
    const fates = await submitAll(pool, names(20));
    expect(fates[9]).toBeInstanceOf(TurnRefused);
    expect(fates.filter((fate) => fate === 'held')).toHaveLength(19);
    expect(pool.batches.filter((b) => b.includes('r9'))).toHaveLength(2);
  });

  test.each(['40001', '40P01', '53100', '53200'])('after %s the same turns are tried again', async (code) => {
    const pool = new ScriptedPool((runs, n) => {
      if (n < 3) throw serverError(code);
      return all(runs);
    });
    expect(await submitAll(pool, ['r0'])).toEqual(['held']);
    expect(pool.batches).toEqual([['r0'], ['r0'], ['r0']]);
  });

  test('a deadlock that does not end is the turn’s own fault at last', async () => {
    const pool = new ScriptedPool(() => Promise.reject(serverError('40P01')));
    expect(await submitAll(pool, ['r0'])).toEqual([expect.any(TurnRefused)]);
  });

  test.each([
    ['a lost connection', Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
    ['a shutdown', serverError('57P01', 'FATAL')],
    ['class 08', serverError('08006')],
  ])('after %s nobody knows, and nothing is tried again', async (_title, error) => {
    const pool = new ScriptedPool(() => Promise.reject(error));
    const fates = await submitAll(pool, names(10));
    expect(fates).toEqual(names(10).map(() => expect.any(OutcomeUnknown)));
    expect(pool.batches.flat().sort()).toEqual(names(10).sort());
  });
});
