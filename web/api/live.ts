import { useEffect, useEffectEvent } from 'react';
import { connectionChanged } from './connection.js';
import { Problem } from './problem.js';

/** One event of a stream: `id` is the place to go on from. */
export interface LiveEvent {
  readonly id: string;
  readonly data: unknown;
}

export interface LiveOptions {
  /** The place after which to begin: what the page was drawn from. Read once per path. */
  readonly after?: string | number | undefined;
  /** All events since the last call, in order, at most once in 50 ms. */
  readonly onEvents: (events: readonly LiveEvent[]) => void;
  /** The stream is over: what it told of has ended. */
  readonly onEnd?: () => void;
  /** The room closed the stream and said why. */
  readonly onProblem?: (problem: Problem) => void;
}

const BATCH_MS = 50;
/** A browser opens six connections to one origin for all its tabs: one that nobody looks at gives its own back. */
const HIDDEN_MS = 10_000;

/**
 * Follows a stream of server-sent events for as long as the component lives. Whatever interrupts it (the network, a room that
 * restarts, a tab in the background), it goes on after the last event that it saw.
 *
 * @param path such as `/v1/runs/…/events`; null follows nothing
 */
export function useLive(path: string | null, { after, onEvents, onEnd, onProblem }: LiveOptions): void {
  const told: Told = {
    events: useEffectEvent(onEvents),
    end: useEffectEvent(() => onEnd?.()),
    problem: useEffectEvent((problem: Problem) => onProblem?.(problem)),
  };
  const start = useEffectEvent((from: string) => follow(from, after === undefined ? undefined : String(after), told));
  useEffect(() => (path === null ? undefined : start(path)), [path]);
}

interface Told {
  readonly events: (events: readonly LiveEvent[]) => void;
  readonly end: () => void;
  readonly problem: (problem: Problem) => void;
}

/** @returns what ends it */
function follow(path: string, after: string | undefined, told: Told): () => void {
  let place = after;
  let waiting: LiveEvent[] = [];
  let source: EventSource | undefined;
  let flushing: ReturnType<typeof setTimeout> | undefined;
  let flushed = 0;
  let hiding: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  const flush = () => {
    flushing = undefined;
    flushed = performance.now();
    const events = waiting;
    waiting = [];
    if (events.length > 0) told.events(events);
  };
  const close = () => {
    source?.close();
    source = undefined;
    connectionChanged(path, undefined);
  };
  const end = () => {
    over = true;
    clearTimeout(flushing);
    flush();
    close();
  };
  const onMessage = ({ data, lastEventId }: MessageEvent<string>) => {
    place = lastEventId;
    waiting.push({ id: lastEventId, data: JSON.parse(data) });
    flushing ??= setTimeout(flush, Math.max(0, flushed + BATCH_MS - performance.now()));
  };
  const open = () => {
    if (over || source) return;
    const opened = new EventSource(withPlace(path, place));
    source = opened;
    connectionChanged(path, 'connecting');
    opened.addEventListener('open', () => connectionChanged(path, 'open'));
    opened.addEventListener('error', () => {
      if (opened !== source) return;
      connectionChanged(path, 'lost');
      // A browser gives up on an answer that is not a stream, such as that of a proxy whose room is away.
      if (opened.readyState !== EventSource.CLOSED) return;
      source = undefined;
      setTimeout(open, 2000);
    });
    opened.addEventListener('message', onMessage);
    opened.addEventListener('end', () => {
      end();
      told.end();
    });
    opened.addEventListener('problem', ({ data }: MessageEvent<string>) => {
      const { code, what, mend, status, where } = JSON.parse(data) as Problem;
      end();
      told.problem(new Problem(code, what, mend, status, where));
    });
  };
  const onVisibility = () => {
    clearTimeout(hiding);
    if (document.visibilityState === 'visible') open();
    else hiding = setTimeout(close, HIDDEN_MS);
  };

  open();
  document.addEventListener('visibilitychange', onVisibility);
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', onVisibility);
    clearTimeout(hiding);
    clearTimeout(flushing);
    close();
  };
}

function withPlace(path: string, place: string | undefined): string {
  if (place === undefined || place === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(place)}`;
}
