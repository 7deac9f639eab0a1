import { createStore, useStore } from '../kit/store.js';

type Stream = 'connecting' | 'open' | 'lost';
/** How the page hears from the room. `idle`: nothing on it is live. */
export type Connection = 'idle' | Stream;

const streams = new Map<string, Stream>();
const standing = createStore<Connection>('idle');

/** A stream says how it stands; undefined when it is closed. */
export function connectionChanged(path: string, state: Stream | undefined): void {
  if (state === undefined) streams.delete(path);
  else streams.set(path, state);
  const states = new Set(streams.values());
  standing.set((['lost', 'connecting', 'open'] as const).find((state) => states.has(state)) ?? 'idle');
}

/** The worst of all streams of the page, since what is drawn is as old as the oldest of them. */
export function useConnection(): Connection {
  return useStore(standing);
}
