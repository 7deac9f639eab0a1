import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { main } from './program.js';

let told = '';
const sink = (take: (text: string) => Error | undefined) =>
  new Writable({ write: (chunk, _encoding, done) => done(take(String(chunk))) });
const printTo = (take: (text: string) => Error | undefined) =>
  vi.spyOn(process, 'stdout', 'get').mockReturnValue(sink(take) as typeof process.stdout);
const full = () => Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });

beforeEach(() => {
  told = '';
  const stderr = sink((text) => void (told += text));
  vi.spyOn(process, 'stderr', 'get').mockReturnValue(stderr as typeof process.stderr);
});
afterEach(() => vi.restoreAllMocks());

test.each([['help'], ['--version'], ['schema']])('%s on a full disk is told, and is no success', async (word) => {
  printTo(full);
  expect(await main([word])).toBe(2);
  expect(told).toContain('error DISK_FULL: ');
});

test('what failed has failed, also where the disk is too full to print why', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'opsroom-program-'));
  const file = join(folder, 'broken.json');
  await writeFile(file, '{}');
  printTo(full);
  expect(await main(['verify', file])).toBe(1);
  expect(told).toContain('error DISK_FULL: ');
  await rm(folder, { recursive: true });
});

test('help on help is the help on everything', async () => {
  let printed = '';
  printTo((text) => void (printed += text));
  expect(await main(['help', 'help'])).toBe(0);
  expect(printed).toContain('Usage: opsroom');
});
