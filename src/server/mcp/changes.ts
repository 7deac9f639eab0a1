import type { ServerEvent, ServerEventBus } from '@modelcontextprotocol/server';
import type { RoomEvent } from '#operations/events/store.js';

/** What of the room is published to one subscription. */
export type Told = { readonly kind: 'events'; readonly events: readonly RoomEvent[] } | { readonly kind: string };

/**
 * The changes of one organisation, for the one stream that subscribes to it. A bus that served several callers would tell one
 * of what the other may not see.
 */
export class RoomChanges implements ServerEventBus {
  private listener: ((event: ServerEvent) => void) | undefined;
  private readonly stop = new AbortController();

  /** @param watch what happens in the room until `signal` aborts */
  constructor(private readonly watch: (signal: AbortSignal) => AsyncGenerator<Told>) {}

  publish(event: ServerEvent): void {
    this.listener?.(event);
  }

  subscribe(listener: (event: ServerEvent) => void): () => void {
    this.listener = listener;
    void this.follow();
    return () => {
      this.listener = undefined;
      this.stop.abort();
    };
  }

  /** Ends with the room's watch. A client that hears no more comes back by itself: the stream's own signs of life end as well. */
  private async follow(): Promise<void> {
    try {
      for await (const told of this.watch(this.stop.signal)) {
        if (!('events' in told)) continue;
        for (const event of changesIn(told.events)) this.publish(event);
      }
    } catch {
      // The ledger is away for long; whoever subscribed is told nothing, as it is of nothing happening.
    }
  }
}

/** What events change of what can be read: once each, however much has happened. Pure. */
export function changesIn(events: readonly Pick<RoomEvent, 'run' | 'type'>[]): ServerEvent[] {
  const runs = new Set(events.filter(({ type }) => !type.startsWith('intent.')).map(({ run }) => run));
  const intents = new Set(events.filter(({ type }) => type.startsWith('intent.')).map(({ run }) => run));
  const updated = [
    ...[...runs].flatMap((run) => ['', '/log', '/proof'].map((part) => `opsroom://runs/${run}${part}`)),
    ...[...intents].map((intent) => `opsroom://intents/${intent}`),
    ...(events.length > 0 ? ['opsroom://status'] : []),
  ];
  const listed: ServerEvent[] = events.some(({ type }) => type === 'run.created')
    ? [{ kind: 'resources_list_changed' }]
    : [];
  return [...updated.map((uri): ServerEvent => ({ kind: 'resource_updated', uri })), ...listed];
}
