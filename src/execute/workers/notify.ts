import type { Logger } from '#observe/log.js';
import type { Sql } from '../sql.js';
import { notifyChanged } from './store.js';

const EVERY_MS = 50;
/** PostgreSQL refuses payloads of 8000 bytes and more; an id and its comma take 37. */
const MOST = 200;

/** Tells followers which runs changed: one notification per 50 ms and worker, however many steps were committed. */
export class Changes {
  private readonly runs = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly sql: Sql,
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  add(run: string): void {
    this.runs.add(run);
    this.timer ??= setTimeout(() => void this.flush(), EVERY_MS);
  }

  /** A lost notification costs a follower its next poll, nothing else. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const runs = [...this.runs];
    this.runs.clear();
    for (let i = 0; i < runs.length; i += MOST) {
      await notifyChanged(this.sql, runs.slice(i, i + MOST)).catch((error: unknown) =>
        this.log.warn({ err: error }, 'followers were not told'),
      );
    }
  }
}
