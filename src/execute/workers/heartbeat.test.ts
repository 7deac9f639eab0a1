import { expect, test } from 'vitest';
import { startHeartbeat } from './heartbeat.js';

test('a thread that has crashed is stopped all the same', async () => {
  // A descriptor that is not open: writing to it throws.
  const data = { url: 'postgres://127.0.0.1:1/none', worker: 'w', leaseMs: 60, keeperFd: 9_999, killAll: '!\n' };
  let heartbeat: ReturnType<typeof startHeartbeat> | undefined;
  await new Promise((resolve) => {
    heartbeat = startHeartbeat(data, () => undefined, resolve);
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await heartbeat?.stop()).toBeUndefined();
});
