import { windowOpens } from '../policy/window.js';

const LOOK_AHEAD_MS = 14 * 86_400_000;

/**
 * The first time from `at` on at which all of the windows are open; undefined when there is none within a fortnight.
 * @param windows as they stand in the policies
 */
export function firstOpening(windows: readonly string[], at: Date): Date | undefined {
  let time = at;
  // Each turn goes on to the next opening of one that is shut, so it comes to an end.
  for (;;) {
    const shut = windows.map((window) => windowOpens(window, time)).find(({ open }) => !open);
    if (shut === undefined || shut.open) return time;
    if (shut.opensAt === null || shut.opensAt.getTime() > at.getTime() + LOOK_AHEAD_MS) return undefined;
    time = shut.opensAt;
  }
}
