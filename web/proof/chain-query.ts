import { infiniteQueryOptions } from '@tanstack/react-query';
import type { ChainRecord } from '#ir/proof.js';
import { api, read } from '../api/client.js';

const LIMIT = 500;

/** A run's chain, page by page. The records of the API are those of `ir/proof`: its document says so less exactly. */
export const chainQuery = (run: string) =>
  infiniteQueryOptions({
    queryKey: ['runs', run, 'chain'],
    initialPageParam: -1,
    queryFn: async ({ pageParam: after }) => {
      const page = await read(
        api.GET('/v1/runs/{run}/chain', { params: { path: { run }, query: { after, limit: LIMIT } } }),
      );
      return { ...page, records: page.records as unknown as ChainRecord[] };
    },
    getNextPageParam: ({ more, records }) => (more ? records.at(-1)?.seq : undefined),
  });
