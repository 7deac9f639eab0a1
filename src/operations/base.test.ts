import { expect, test } from 'vitest';
import { type Base, baseWith, closeBase } from './base.js';

const baseOf = (closed: string[], fault?: Error) =>
  ({
    database: {
      close: async () => {
        closed.push('database');
        if (fault) throw fault;
      },
    },
    embedded: { close: async () => void closed.push('embedded') },
  }) as unknown as Base;

test('a base that opens while something cannot be loaded is closed', async () => {
  const closed: string[] = [];
  let opened: (base: Base) => void = () => undefined;
  const loading = baseWith(
    (begun) => {
      begun();
      return new Promise((resolve) => (opened = resolve));
    },
    () => Promise.reject(new Error('no such module')),
  );
  opened(baseOf(closed));
  await expect(loading).rejects.toThrow('no such module');
  expect(closed).toEqual(['database', 'embedded']);
});

test('nothing is loaded before the database was begun with', async () => {
  const order: string[] = [];
  const open = async (begun: () => void) => {
    await new Promise((resolve) => setImmediate(resolve));
    order.push('begun');
    begun();
    return baseOf([]);
  };
  await baseWith(open, async () => void order.push('loading'));
  expect(order).toEqual(['begun', 'loading']);
});

test('a database that runs already is no reason to wait', async () => {
  expect(
    (
      await baseWith(
        async () => baseOf([]),
        () => Promise.resolve(1),
      )
    )[1],
  ).toBe(1);
});

test('why a base cannot be opened is said', async () => {
  await expect(
    baseWith(
      () => Promise.reject(new Error('no room')),
      () => Promise.resolve(1),
    ),
  ).rejects.toThrow('no room');
});

test('the embedded database is left even when its connections cannot be closed', async () => {
  const closed: string[] = [];
  await expect(closeBase(baseOf(closed, new Error('broken')))).rejects.toThrow('broken');
  expect(closed).toEqual(['database', 'embedded']);
});
