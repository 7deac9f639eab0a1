import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kernelCaps, limitMet, limitsFrom, MIB, parseTasks, USUAL_LIMITS } from './limits.js';

const limits = { processes: 100, memoryBytes: 512 * MIB, fileBytes: 2048 * MIB };

describe('the limits as the kernel takes them', () => {
  test('in the units of ulimit', () => {
    expect(kernelCaps(limits, { tasks: 300, freeBytes: Number.POSITIVE_INFINITY })).toEqual({
      fileBlocks: 4_194_304,
      dataKiB: 524_288,
      tasks: 700,
    });
  });

  test('0 is none, whatever the machine', () => {
    const none = { processes: 0, memoryBytes: 0, fileBytes: 0 };
    expect(kernelCaps(none, { tasks: 300, freeBytes: 0 })).toEqual({ fileBlocks: 0, dataKiB: 0, tasks: 0 });
  });

  test('a file can never fill the disk, nor is a limit ever lifted by a full one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 512, max: 2 ** 45 }), fc.nat(2 ** 31), (fileBytes, freeMiB) => {
        const freeBytes = freeMiB * 512;
        const { fileBlocks } = kernelCaps({ ...limits, fileBytes }, { tasks: 1, freeBytes });
        expect(fileBlocks).toBeGreaterThan(0);
        expect(fileBlocks * 512).toBeLessThanOrEqual(Math.max(512, Math.min(fileBytes, freeBytes)));
      }),
    );
  });

  test('where the tasks of the machine are not known, they are not capped', () => {
    expect(kernelCaps(limits, { tasks: undefined, freeBytes: 1 }).tasks).toBe(0);
  });
});

test('limits that are not set are the usual ones; 0 is none', () => {
  expect(limitsFrom({ processes: 0, memoryMb: 100, fileMb: undefined })).toEqual({
    processes: 0,
    memoryBytes: 100 * MIB,
    fileBytes: USUAL_LIMITS.fileBytes,
  });
});

test.each([
  ['0.42 0.31 0.20 2/345 6789\n', 345],
  ['', undefined],
  ['nonsense', undefined],
])('%j: tasks of the machine', (text, tasks) => {
  expect(parseTasks(text)).toBe(tasks);
});

test.each([
  [{ exitCode: null, killedBy: 'SIGXFSZ' }, '', 'fileBytes'],
  [{ exitCode: 153, killedBy: null }, '', 'fileBytes'],
  [{ exitCode: 1, killedBy: null }, 'OSError: [Errno 27] File too large', 'fileBytes'],
  [{ exitCode: 1, killedBy: null }, 'tail: memory exhausted', 'memoryBytes'],
  [{ exitCode: 254, killedBy: null }, 'bash: fork: retry: Resource temporarily unavailable', 'processes'],
  [{ exitCode: 1, killedBy: null }, 'the disk is gone', undefined],
] as const)('%j, %j: met %s', (end, words, met) => {
  expect(limitMet(end, words)).toBe(met);
});
