import { useQuery } from '@tanstack/react-query';
import { api, read } from './client.js';

/** Who looks at the page, and what they may do. */
export function useMe() {
  return useQuery({ queryKey: ['me'], queryFn: () => read(api.GET('/v1/me')), staleTime: 60_000 });
}

export type Me = NonNullable<ReturnType<typeof useMe>['data']>;
