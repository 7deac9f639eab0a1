import type { Client } from 'pg';
import type { Database } from '#db/database.js';

/** Wakes followers when a worker says that their run changed: one connection for all of them. */
export interface Bells {
  /** Of one run, or of `ANY` run. What rings while nobody waits is remembered. */
  bell(run: string): Bell;
  close(): Promise<void>;
}

export interface Bell {
  /** Resolves when it rings, after `ms`, or when `signal` aborts. */
  wait(ms: number, signal: AbortSignal | undefined): Promise<void>;
  /** Forgets it. */
  leave(): void;
}

const RETRY_MS = 5000;
/** In the place of a run: whichever changes. */
export const ANY = '*';

/** Listens for the workers' notifications. While the connection is away, what waits is woken by its own time limit. */
export async function openBells(database: Pick<Database, 'connectDirect'>): Promise<Bells> {
  const bells = new Listener(database);
  await bells.listen();
  return bells;
}

class Listener implements Bells {
  private readonly hung = new Map<string, Set<() => void>>();
  private client: Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly database: Pick<Database, 'connectDirect'>) {}

  async listen(): Promise<void> {
    const client = await this.database.connectDirect().catch(() => undefined);
    if (client === undefined) return this.later();
    if (this.closed) return client.end().catch(() => undefined);
    this.client = client;
    client.on('notification', ({ payload }) => this.ring(payload ?? ''));
    client.once('end', () => this.later());
    await client.query('listen opsroom_runs').catch(() => undefined);
  }

  bell(run: string): Bell {
    let rung = false;
    let wake: (() => void) | undefined;
    const ring = () => {
      rung = true;
      wake?.();
    };
    const bells = this.hung.get(run) ?? new Set();
    this.hung.set(run, bells.add(ring));
    return {
      // By hand: a signal made of two for each wait would stay with the one that lives as long as the follower.
      wait: (ms, signal) =>
        new Promise((resolve) => {
          const done = () => {
            clearTimeout(timer);
            signal?.removeEventListener('abort', done);
            wake = undefined;
            rung = false;
            resolve();
          };
          const timer = setTimeout(done, ms);
          if (rung || signal?.aborted === true) return done();
          wake = done;
          signal?.addEventListener('abort', done);
        }),
      leave: () => {
        bells.delete(ring);
        if (bells.size === 0 && this.hung.get(run) === bells) this.hung.delete(run);
      },
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    await this.client?.end().catch(() => undefined);
  }

  private ring(payload: string): void {
    for (const run of [ANY, ...payload.split(',')]) for (const ring of this.hung.get(run) ?? []) ring();
  }

  private later(): void {
    this.client = undefined;
    if (this.closed) return;
    this.retry = setTimeout(() => void this.listen(), RETRY_MS);
    this.retry.unref();
  }
}
