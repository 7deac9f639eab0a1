import { expect, test } from 'vitest';
import { Places } from './places.js';

test('no more than there are places are in at once, and those who wait come in by their order', async () => {
  const places = new Places(2);
  const log: string[] = [];
  const leave = new Map<string, () => void>();
  const visit = (name: string) =>
    places.enter(async () => {
      log.push(`${name} in`);
      await new Promise<void>((resolve) => leave.set(name, resolve));
      log.push(`${name} out`);
    });
  const visits = ['a', 'b', 'c', 'd'].map(visit);
  expect(places.free).toBe(0);
  for (const [n, name] of ['b', 'a', 'c', 'd'].entries()) {
    await new Promise((resolve) => setImmediate(resolve));
    expect(log.filter((line) => line.endsWith('in')).length - n).toBeLessThanOrEqual(2);
    leave.get(name)?.();
  }
  await Promise.all(visits);
  expect(log.filter((line) => line.endsWith('in'))).toEqual(['a in', 'b in', 'c in', 'd in']);
  expect(places.free).toBe(2);
});

test('whoever fails leaves its place', async () => {
  const places = new Places(1);
  await expect(places.enter(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(places.free).toBe(1);
});
