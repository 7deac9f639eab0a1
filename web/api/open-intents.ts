import { infiniteQueryOptions } from '@tanstack/react-query';
import type { IntentStatus } from '#ir/intent-state.js';
import { api, read } from './client.js';
import type { paths } from './schema.js';

type Intent = paths['/v1/intents']['get']['responses'][200]['content']['application/json']['intents'][number];

/** Intents in some states, the newest first, page by page. */
export const intentsQuery = (name: string, status: readonly IntentStatus[], limit: number) =>
  infiniteQueryOptions({
    queryKey: ['intents', name],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) => {
      const query = { status: [...status], limit, ...(cursor === undefined ? {} : { cursor }) };
      return read(api.GET('/v1/intents', { params: { query } }));
    },
    getNextPageParam: ({ next }) => next ?? undefined,
  });

export const OPEN_INTENTS: readonly IntentStatus[] = ['waiting', 'approved'];

/** Everything that waits, for anybody. */
export const openIntents = intentsQuery('open', OPEN_INTENTS, 200);

/** Whether who looks may agree to it. */
export const isForYou = ({ actions }: Pick<Intent, 'actions'>): boolean =>
  actions.some(({ action, allowed }) => action === 'approve' && allowed);
