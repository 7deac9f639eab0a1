import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api, read } from '../api/client.js';
import { useLive } from '../api/live.js';
import { readAgain } from '../api/read-again.js';
import type { Filter } from './filters.js';
import type { RunRow, Views } from './model.js';

const PAGE = 50;
/** Events come in bursts: the lists are read again at most so often. */
const AT_MOST_MS = 1500;
/** Of a list that is scrolled far down only the top is kept up with events; the rest when it is looked at anew. */
const MOST_LIVE_PAGES = 4;

interface Page {
  runs: RunRow[];
  next: string | null;
}

/** Runs that fit, page by page; events of the room keep them true. */
export function useRuns(filter: Filter) {
  const found = useInfiniteQuery({
    queryKey: ['runs', filter],
    queryFn: ({ pageParam }: { pageParam: string | undefined }): Promise<Page> => {
      const query = { ...filter, limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) };
      return read(api.GET('/v1/runs', { params: { query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const { data, hasNextPage, isFetching, fetchNextPage } = found;
  const last = data?.pages.at(-1);
  // A page looks back over a bounded number of runs: one in which nothing fits is not the end.
  const short = last !== undefined && last.runs.length === 0;
  useEffect(() => {
    if (short && hasNextPage && !isFetching) void fetchNextPage();
  }, [short, hasNextPage, isFetching, fetchNextPage]);
  useFresh();
  return found;
}

export function runsOf(data: InfiniteData<Page> | undefined): RunRow[] {
  return data?.pages.flatMap(({ runs }) => runs) ?? [];
}

/** The saved views with their counts. */
export function useViews() {
  return useQuery<Views>({ queryKey: ['views'], queryFn: () => read(api.GET('/v1/views')) });
}

/** Reads the lists again some time after something happened in the room. */
function useFresh(): void {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive('/v1/events?floods=skip', {
    onEvents: () => {
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        const few = ({ state: { data } }: { state: { data: unknown } }) =>
          ((data as InfiniteData<Page> | undefined)?.pages.length ?? 0) <= MOST_LIVE_PAGES;
        readAgain(client, { queryKey: ['runs'], predicate: few });
        readAgain(client, { queryKey: ['views'] });
      }, AT_MOST_MS);
    },
  });
}
