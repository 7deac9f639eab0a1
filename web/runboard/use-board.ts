import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useReducer, useRef } from 'react';
import { api, read } from '../api/client.js';
import { type LiveEvent, useLive } from '../api/live.js';
import { type Known, readAnew, told } from './fold.js';
import type { Board, BoardEvent } from './model.js';

/** Workers beat without events, and so does time. */
const EVERY_MS = 10_000;
/** What events alone do not tell is read again at most so often. */
const AT_MOST_MS = 1000;

type Change =
  | { readonly kind: 'read'; readonly board: Board }
  | { readonly kind: 'told'; readonly events: readonly BoardEvent[] };

function reduce(known: Known | undefined, change: Change): Known | undefined {
  if (change.kind === 'read') return readAnew(change.board, known?.recent);
  return known && told(known, change.events);
}

/** The Runboard, live: read once, changed by events as they are committed, and read again for what they do not tell. */
export function useBoard(minutes: number): { board: Board | undefined; error: unknown } {
  const [known, dispatch] = useReducer(reduce, undefined);
  const { data, error, refetch } = useQuery({
    queryKey: ['runboard', minutes],
    queryFn: () => read(api.GET('/v1/runboard', { params: { query: { minutes } } })),
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });
  useEffect(() => {
    if (data) dispatch({ kind: 'read', board: data });
  }, [data]);
  const board = known?.board;
  useLive(board ? '/v1/events' : null, {
    after: board?.cursor,
    onEvents: (batches) => {
      const messages = batches.map(messageOf);
      dispatch({ kind: 'told', events: messages.flatMap(({ events }) => events) });
      if (messages.some(({ reset }) => reset)) void refetch();
    },
  });
  useCatchUp(known?.behind === true, refetch);
  return { board, error };
}

const messageOf = ({ data }: LiveEvent) => data as { readonly reset: boolean; readonly events: readonly BoardEvent[] };

/** At once when the last time is long enough ago, and otherwise as soon as it is. */
function useCatchUp(behind: boolean, again: () => Promise<unknown>): void {
  const last = useRef(0);
  useEffect(() => {
    if (!behind) return undefined;
    const waitMs = Math.max(0, last.current + AT_MOST_MS - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      void again();
    }, waitMs);
    return () => clearTimeout(timer);
  }, [behind, again]);
}
