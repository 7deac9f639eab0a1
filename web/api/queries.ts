import { QueryClient } from '@tanstack/react-query';
import { Problem } from './problem.js';

/** A refusal is an answer; only silence is worth asking again. */
const again = (failures: number, error: Error): boolean => !(error instanceof Problem) && failures < 3;

/**
 * What the page has read of the room. Live events keep it true, so nothing is read again for its age alone.
 *
 * A device that is offline tries all the same: the room may run on it. And what somebody says fails at once then; it is not kept
 * to be said by itself later, when they may have thought better of it.
 */
export const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: again, staleTime: 5000, refetchOnWindowFocus: true, networkMode: 'offlineFirst' },
    mutations: { retry: false, networkMode: 'offlineFirst' },
  },
});
