import { expect, test } from 'vitest';
import { inTurn } from './turn.js';

/** Each look at it takes ten seconds. */
function slowClock() {
  let ms = 0;
  return { monotonicMs: () => (ms += 10_000) };
}

test('what does not come in time is given up; what comes last is taken', async () => {
  let looks = 0;
  const look = (after: number) => async () => (++looks > after ? 'turn' : undefined);
  expect(await inTurn(look(9), { clock: slowClock(), until: 30_000, signal: undefined })).toBeUndefined();
  expect(looks).toBe(3);
  looks = 0;
  expect(await inTurn(look(2), { clock: slowClock(), until: 30_000, signal: undefined })).toBe('turn');
});

test('who waits no more looks no more', async () => {
  const gone = new AbortController();
  let looks = 0;
  const look = async () => {
    looks += 1;
    gone.abort(new Error('cancelled'));
    return undefined;
  };
  const patience = { clock: { monotonicMs: () => 0 }, until: 1, signal: gone.signal };
  await expect(inTurn(look, patience)).rejects.toThrow('cancelled');
  expect(looks).toBe(1);
});
