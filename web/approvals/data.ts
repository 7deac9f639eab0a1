import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { INTENT_STATUSES } from '#ir/intent-state.js';
import type { JsonObject } from '#ir/json.js';
import { api, read } from '../api/client.js';
import { type LiveEvent, useLive } from '../api/live.js';
import { intentsQuery, OPEN_INTENTS } from '../api/open-intents.js';
import { readAgain } from '../api/read-again.js';
import type { Action } from './model.js';

const DECIDED = INTENT_STATUSES.filter((status) => !OPEN_INTENTS.includes(status));
const PAGE = 30;

/** What was decided, the newest first, page by page. */
export const useDecided = (enabled: boolean) =>
  useInfiniteQuery({ ...intentsQuery('decided', DECIDED, PAGE), enabled });

/** Plan files and policies change without an event: whether what is asked for still holds is looked at so often. */
const HOLDS_MS = 20_000;

/** One intent with all that whoever decides needs. */
export function useIntent(intent: string) {
  return useQuery({
    queryKey: ['intents', 'one', intent],
    queryFn: () => read(api.GET('/v1/intents/{intent}', { params: { path: { intent } } })),
    refetchInterval: ({ state }) => (state.data && OPEN_INTENTS.includes(state.data.status) ? HOLDS_MS : false),
  });
}

/** Reads lists and details again whenever something happened to any intent. */
export function useFreshIntents(): void {
  const client = useQueryClient();
  useLive('/v1/events?floods=skip', {
    onEvents: (batches) => {
      if (batches.some(tellsOfIntents)) readAgain(client, { queryKey: ['intents'] });
    },
  });
}

function tellsOfIntents({ data }: LiveEvent): boolean {
  const { reset, events } = data as { readonly reset: boolean; readonly events: readonly { readonly type: string }[] };
  return reset || events.some(({ type }) => /^(intent|approval)\./.test(type));
}

/** What somebody says to an intent. */
export interface Said {
  readonly action: Action;
  readonly reason: string;
  readonly form?: JsonObject;
  readonly breakGlass?: boolean;
}

/** Says yes or no to an intent, or takes it back; whatever the room answers, what is shown is read anew. */
export function useSay(intent: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ action, reason, form, breakGlass = false }: Said) => {
      const params = { path: { intent } };
      if (action === 'reject') return read(api.POST('/v1/intents/{intent}/reject', { params, body: { reason } }));
      if (action === 'withdraw') return read(api.POST('/v1/intents/{intent}/withdraw', { params, body: { reason } }));
      const body = { reason, breakGlass, ...(form === undefined ? {} : { form }) };
      return read(api.POST('/v1/intents/{intent}/approve', { params, body }));
    },
    // Not waited for: whoever decided stays where they are while the list loses it.
    onSettled: () => void client.invalidateQueries({ queryKey: ['intents'] }),
  });
}
