import { expect, test } from 'vitest';
import { startHeartbeat } from './heartbeat.js';
import type { HeartbeatData } from './heartbeat-thread.js';

test('a thread that has crashed says so once, and is stopped all the same', async () => {
  const crashes: Error[] = [];
  // Without its data the thread fails as it starts.
  const nothing = undefined as unknown as HeartbeatData;
  let heartbeat: ReturnType<typeof startHeartbeat> | undefined;
  await new Promise<void>((resolve) => {
    const onCrash = (error: Error) => {
      crashes.push(error);
      resolve();
    };
    heartbeat = startHeartbeat(nothing, () => undefined, onCrash);
  });
  expect(await heartbeat?.stop()).toBeUndefined();
  expect(crashes).toHaveLength(1);
});
