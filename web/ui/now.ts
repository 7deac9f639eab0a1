import { useSyncExternalStore } from 'react';
import { roomNow } from '../api/room-clock.js';

const listeners = new Set<() => void>();
let current = roomNow();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // While nobody looked, time went on, and the room may have told its own.
  if (timer === undefined) current = roomNow();
  timer ??= setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  current = roomNow();
  for (const listener of listeners) listener();
}

/**
 * The room's time. All that show it change in the same frame, however many they are.
 *
 * @param stepMs how often the caller needs to be told, in ms, at least a second
 */
export function useNow(stepMs: number): Date {
  return new Date(useSyncExternalStore(subscribe, () => Math.floor(current / stepMs) * stepMs));
}
