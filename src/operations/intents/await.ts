import { isOver } from '#ir/intent-state.js';
import { openBells } from '../events/bells.js';
import type { Room } from '../room.js';
import { lookAgain } from './shown.js';
import type { IntentView } from './view.js';

const LOOK_MS = 1000;

/**
 * Waits until an intent begins or is over, or `signal` aborts; tells each time it changes.
 * @returns the intent as it is then
 */
export async function awaitIntent(
  room: Room,
  id: string,
  { signal, changed }: { readonly signal: AbortSignal; readonly changed: (intent: IntentView) => void },
): Promise<IntentView> {
  const bells = await openBells(room.database);
  const bell = bells.bell(id);
  try {
    for (let known = ''; ; ) {
      const intent = await lookAgain(room, id);
      const { status, approvals } = intent;
      if (status === 'running' || isOver(status) || signal.aborted) return intent;
      const now = `${status} ${approvals.length}`;
      if (now !== known) changed(intent);
      known = now;
      await bell.wait(LOOK_MS, signal);
    }
  } finally {
    bell.leave();
    await bells.close();
  }
}
