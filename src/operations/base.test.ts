import { mkdir, mkdtemp, rename, rm, symlink, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '#kit/config.js';
import { type Base, baseWith, closeBase, requireRoom } from './base.js';

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

test('a base without an embedded database is opened first', async () => {
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

test('a room that is not there is refused; one that cannot be looked into, and a named database, are not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'opsroom-base-'));
  const asked = (home: string, more: Record<string, string> = {}) =>
    requireRoom(loadConfig({ OPSROOM_HOME: home, ...more }), folder);
  await expect(asked(join(folder, 'none'))).rejects.toMatchObject({
    code: 'ROOM_NOT_FOUND',
    where: join(folder, 'none'),
  });
  await symlink(join(folder, 'loop'), join(folder, 'loop'));
  await asked(join(folder, 'loop'));
  await asked(join(folder, 'none'), { DATABASE_URL: 'postgres://127.0.0.1:1/x' });
  await rm(folder, { recursive: true });
});

test('a room that is being made is waited for, within bounds; what a crash left is none', async () => {
  const home = await mkdtemp(join(tmpdir(), 'opsroom-base-'));
  const staged = join(home, 'postgres.new-0123');
  const asked = (patienceMs?: number) => requireRoom(loadConfig({ OPSROOM_HOME: home }), home, patienceMs);
  await mkdir(staged);
  await expect(asked(10)).rejects.toMatchObject({
    code: 'ROOM_NOT_FOUND',
    message: expect.stringContaining('being made'),
  });
  const waiting = asked();
  await rename(staged, join(home, 'postgres'));
  await waiting;
  await rename(join(home, 'postgres'), staged);
  await utimes(staged, 1, 1);
  await expect(asked()).rejects.toMatchObject({ code: 'ROOM_NOT_FOUND', message: expect.stringContaining('no room') });
  await rm(home, { recursive: true });
});
