import { expect, test } from 'vitest';
import { learnClock, roomNow } from './room-clock.js';

test('a browser whose clock is wrong shows the room’s time; one that is right is left alone', () => {
  const now = Date.now();
  learnClock(null, now, now + 1);
  learnClock('no date', now, now + 1);
  expect(Math.abs(roomNow() - Date.now())).toBeLessThan(50);

  learnClock(new Date(now + 3_600_000).toUTCString(), now, now + 40);
  expect(Math.abs(roomNow() - Date.now() - 3_600_000)).toBeLessThanOrEqual(1000);

  // An answer that took longer says less.
  learnClock(new Date(now).toUTCString(), now, now + 5000);
  expect(Math.abs(roomNow() - Date.now() - 3_600_000)).toBeLessThanOrEqual(1000);

  learnClock(new Date(now).toUTCString(), now, now + 10);
  expect(Math.abs(roomNow() - Date.now())).toBeLessThan(50);
});
