import { useCallback, useEffect, useRef, useState } from 'react';
import { api, read } from '../../api/client.js';
import { useLive } from '../../api/live.js';
import type { LogLine } from '../data.js';
import { LineStore, PAGE } from './line-store.js';

/** One attempt's log. */
export interface LogKey {
  readonly run: string;
  readonly step: string;
  readonly item: number;
  readonly revision: number;
  readonly attempt: number;
}

export interface Log {
  readonly store: LineStore;
  /** Changes whenever the store has. */
  readonly version: number;
  /** Nothing is known yet. */
  readonly reading: boolean;
  readonly error: unknown;
  /** Reads what is missing to show these rows. */
  readonly need: (first: number, last: number) => void;
}

/** A reader who drags the bar through a long log passes thousands of lines that are never looked at. */
const SETTLED_MS = 60;

/** The log of an attempt: lines as they are needed, and those that come while it goes on. */
export function useLog(key: LogKey, live: boolean): Log {
  const [store] = useState(() => new LineStore());
  const [version, setVersion] = useState(0);
  const [reading, setReading] = useState(true);
  const [error, setError] = useState<unknown>();
  const asked = useRef(new Set<number>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { run, step, item, revision, attempt } = key;

  const readFrom = useCallback(
    async (from: number) => {
      try {
        const query = { step, item, revision, attempt, from, limit: PAGE };
        const page = await read(api.GET('/v1/runs/{run}/logs/lines', { params: { path: { run }, query } }));
        store.put(page.lines, page.total, page.gap);
        setError(undefined);
        setVersion((n) => n + 1); // not after a failure: it would be asked again at once
      } catch (thrown) {
        setError(thrown);
      } finally {
        setReading(false);
      }
    },
    [store, run, step, item, revision, attempt],
  );
  const load = useCallback(
    async (from: number) => {
      if (asked.current.has(from)) return;
      asked.current.add(from);
      await readFrom(from);
      asked.current.delete(from);
    },
    [readFrom],
  );
  // Also where the same lines are being read: that answer may be of before the end.
  const readEnd = useCallback(
    () => void readFrom(Math.max(0, Math.floor((store.total - 1) / PAGE)) * PAGE + 1),
    [readFrom, store],
  );
  const wasLive = useRef(live);
  useEffect(() => {
    // The stream may not have told the last lines when the attempt is known to be over.
    if (wasLive.current && !live) readEnd();
    wasLive.current = live;
  }, [live, readEnd]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const need = useCallback(
    (first: number, last: number) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        for (const from of store.missing(first, last)) void load(from);
      }, SETTLED_MS);
    },
    [store, load],
  );
  useLive(live ? `/v1/runs/${run}/logs/stream?step=${encodeURIComponent(step)}&tail=1` : null, {
    onEvents: (events) => {
      const lines = events
        .flatMap(({ data }) => data as (LogLine & Pick<LogKey, 'item' | 'attempt'>)[])
        .filter((line) => line.item === item && line.attempt === attempt);
      if (lines.length === 0) return;
      store.put(
        lines.map((line) => ({ ...line, cut: 0 })),
        0,
        null,
      );
      setVersion((n) => n + 1);
    },
    // What the step said last came after the stream's last look.
    onEnd: readEnd,
  });
  return { store, version, reading, error, need };
}
