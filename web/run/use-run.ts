import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { hasEnded } from '#ir/state.js';
import { useLive } from '../api/live.js';
import { readAgain } from '../api/read-again.js';
import { isSealed } from '../ui/sealed.js';
import { applyEvents, type RunEvent } from './apply-events.js';
import { chainQuery, type Run, runQuery } from './data.js';

/** Long enough that a burst of steps is read once, short enough that nobody waits for a verdict; of a large run, less often. */
const READ_AGAIN_MS = 250;
const READ_LARGE_AGAIN_MS = 1000;
const LARGE = 200;
/** What changes with events: plans, logs and estimates do not, or by themselves. */
const CHANGES = new Set<unknown>(['view', 'step', 'chain strip']);

const changes = ({ queryKey }: { queryKey: readonly unknown[] }): boolean => CHANGES.has(queryKey[2]);

/**
 * Keeps what the page shows of a run true while it goes on: steps move with the event that says so, and the rest is read again
 * right after.
 */
export function useLiveRun(run: Run | undefined): void {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const key = run && runQuery(run.runId).queryKey;
  const readSoon = () => {
    timer.current ??= setTimeout(
      () => {
        timer.current = undefined;
        if (!run) return;
        readAgain(client, { queryKey: ['runs', run.runId], predicate: changes });
      },
      (run?.steps.length ?? 0) > LARGE ? READ_LARGE_AGAIN_MS : READ_AGAIN_MS,
    );
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const { data: chain } = useQuery({ ...chainQuery(run?.runId ?? ''), enabled: run !== undefined });
  // A run is sealed a moment after its last event, and its stream ends when it is.
  const goesOn = run && (!hasEnded(run.status) || (chain && !isSealed(chain)));
  useLive(goesOn ? `/v1/runs/${run.runId}/events` : null, {
    after: run?.seq,
    onEvents: (events) => {
      const told = events.map(({ data }) => data as RunEvent);
      if (key) client.setQueryData(key, (old: Run | undefined) => old && applyEvents(old, told));
      readSoon();
    },
    onEnd: readSoon,
  });
}
