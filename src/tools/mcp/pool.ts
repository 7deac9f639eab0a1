import type { Holding } from '#ir/calls.js';
import { sleep } from '#kit/clock.js';
import type { McpLink } from './connection.js';

/** What a connection may be used for again: the same server in the same run, as it was configured then, isolated as then. */
export interface LinkKey {
  readonly runId: string;
  readonly server: string;
  /** Of the configuration and of the isolation. */
  readonly form: string;
}

interface Pooled {
  readonly key: LinkKey;
  readonly link: McpLink;
  busy: boolean;
  idle: NodeJS.Timeout | undefined;
}

/** A server that is a program costs a process per connection. */
const MOST_PER_SERVER = 4;
const IDLE_MS = 120_000;
const LOOK_AGAIN_MS = 20;

/**
 * The connections of runs. One serves one call at a time, so that a server which hangs, dies or floods costs the step that called
 * it and no other; none outlives its run, so that nothing of one run reaches another.
 */
export class McpPool implements Holding {
  private readonly pooled = new Set<Pooled>();
  private readonly opening = new Map<string, number>();

  /** A server is no result of a step: nothing is started anew when the run goes on elsewhere. */
  leaves = (): boolean => false;
  holds = (): boolean => false;

  runs(): string[] {
    return [...new Set([...this.pooled].map(({ key }) => key.runId))];
  }

  async letGo(runId: string): Promise<void> {
    await Promise.all([...this.pooled].filter(({ key }) => key.runId === runId).map((one) => this.drop(one)));
  }

  /** Ends all. */
  async close(): Promise<void> {
    await Promise.all([...this.pooled].map((one) => this.drop(one)));
  }

  /** Does `work` with a connection of its own for that time; waits for one where the run has its share. */
  async use<T>(
    key: LinkKey,
    { open, signal }: { readonly open: () => Promise<McpLink>; readonly signal: AbortSignal },
    work: (link: McpLink) => Promise<T>,
  ): Promise<T> {
    const one = await this.take(key, open, signal);
    try {
      return await work(one.link);
    } finally {
      await this.giveBack(one);
    }
  }

  private async take(key: LinkKey, open: () => Promise<McpLink>, signal: AbortSignal): Promise<Pooled> {
    const place = `${key.runId} ${key.server}`;
    for (;;) {
      signal.throwIfAborted();
      const free = this.free(key);
      if (free) return free;
      if (this.count(key) + (this.opening.get(place) ?? 0) < MOST_PER_SERVER) return this.open(key, place, open);
      await sleep(LOOK_AGAIN_MS, signal);
    }
  }

  private free(key: LinkKey): Pooled | undefined {
    // The one that was used last: what a server remembers is found again by the next step.
    const found = [...this.pooled].findLast((one) => !one.busy && one.link.isOpen && isSame(one.key, key));
    if (!found) return undefined;
    clearTimeout(found.idle);
    found.busy = true;
    return found;
  }

  private count({ runId, server }: LinkKey): number {
    const counts = ({ key, busy, link }: Pooled) =>
      key.runId === runId && key.server === server && (busy || link.isOpen);
    return [...this.pooled].filter(counts).length;
  }

  private async open(key: LinkKey, place: string, open: () => Promise<McpLink>): Promise<Pooled> {
    this.opening.set(place, (this.opening.get(place) ?? 0) + 1);
    try {
      const one: Pooled = { key, link: await open(), busy: true, idle: undefined };
      this.pooled.add(one);
      return one;
    } finally {
      const left = (this.opening.get(place) ?? 1) - 1;
      if (left > 0) this.opening.set(place, left);
      else this.opening.delete(place);
    }
  }

  private async giveBack(one: Pooled): Promise<void> {
    if (!one.link.isOpen) return this.drop(one);
    this.pooled.delete(one);
    this.pooled.add(one);
    one.busy = false;
    one.idle = setTimeout(() => void this.drop(one), IDLE_MS);
    one.idle.unref();
  }

  /** Forgotten only when nothing of it runs any more: until then its run is still held. */
  private async drop(one: Pooled): Promise<void> {
    clearTimeout(one.idle);
    await one.link.close();
    this.pooled.delete(one);
  }
}

const isSame = (one: LinkKey, other: LinkKey): boolean =>
  one.runId === other.runId && one.server === other.server && one.form === other.form;
