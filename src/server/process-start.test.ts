import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { processStart, startOf } from './process-start.js';

const stat = (name: string, state: string) =>
  `4711 (${name}) ${state} 1 4711 4711 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 11 0 987654 1 2 3`;

test.each([
  ['node', 'S', '987654'],
  ['a) S 1 (b', 'R', '987654'],
  ['node', 'Z', undefined],
])('%s in state %s began at %s', (name, state, start) => {
  expect(startOf(stat(name, state))).toBe(start);
});

test('the same process answers the same, another one something else or nothing', async () => {
  expect(await processStart(process.pid)).toBe(await processStart(process.pid));
  const child = spawn(process.execPath, ['-e', '']);
  const { pid = 0 } = child;
  await once(child, 'close');
  expect(await processStart(pid)).toBeUndefined();
});
