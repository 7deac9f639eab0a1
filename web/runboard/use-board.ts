import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useReducer, useRef } from 'react';
import { api, read } from '../api/client.js';
import { type LiveEvent, useLive } from '../api/live.js';
import { type Known, leftOut, readAnew, told } from './fold.js';
import type { Board, BoardEvent } from './model.js';

/** Workers beat without events, and so does time. */
const EVERY_MS = 10_000;
/** What events alone do not tell is read again at most so often. */
const AT_MOST_MS = 1000;

type Change =
  | { readonly kind: 'read'; readonly board: Board }
  | { readonly kind: 'told'; readonly events: readonly BoardEvent[] }
  /** What was told belongs to another ledger, or was left out up to a place. */
  | { readonly kind: 'reset'; readonly place: string };

function reduce(known: Known | undefined, change: Change): Known | undefined {
  if (change.kind === 'reset') return known && leftOut(known, change.place);
  if (change.kind === 'read') return readAnew(change.board, known?.recent, known?.since);
  return known && told(known, change.events);
}

/** The Runboard, live: read once, changed by events as they are committed, and read again for what they do not tell. */
export function useBoard(minutes: number): { board: Board | undefined; error: unknown } {
  const [known, dispatch] = useReducer(reduce, undefined);
  const { data, error, dataUpdatedAt, refetch } = useQuery({
    queryKey: ['runboard', minutes],
    queryFn: () => read(api.GET('/v1/runboard', { params: { query: { minutes } } })),
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });
  useEffect(() => {
    if (data) dispatch({ kind: 'read', board: data });
  }, [data]);
  const board = known?.board;
  useLive(board ? '/v1/events?floods=skip' : null, {
    after: board?.cursor,
    onEvents: (batches) => {
      const anew = batches.findLastIndex((batch) => messageOf(batch).reset);
      const reset = batches[anew];
      if (reset) dispatch({ kind: 'reset', place: reset.id });
      dispatch({ kind: 'told', events: batches.slice(anew + 1).flatMap((batch) => messageOf(batch).events) });
    },
  });
  useCatchUp(known?.behind === true, dataUpdatedAt, refetch);
  return { board, error };
}

const messageOf = ({ data }: LiveEvent) => data as { readonly reset: boolean; readonly events: readonly BoardEvent[] };

/**
 * At once when the last time is long enough ago, and otherwise as soon as it is.
 *
 * @param readAt when the board was read: it may be behind what is known by then
 */
function useCatchUp(behind: boolean, readAt: number, again: () => Promise<unknown>): void {
  const last = useRef(0);
  useEffect(() => {
    if (!behind || readAt === 0) return undefined;
    const waitMs = Math.max(0, last.current + AT_MOST_MS - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      void again();
    }, waitMs);
    return () => clearTimeout(timer);
  }, [behind, readAt, again]);
}
