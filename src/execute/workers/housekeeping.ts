import type pg from 'pg';
import type { Logger } from '#observe/log.js';
import { preparePartitions, prunePartitions } from '../logs/store.js';
import type { Ports } from '../ports.js';
import { pruneWorkspaces } from './workspaces.js';

export interface HousekeepingOptions {
  readonly sql: pg.Pool;
  readonly ports: Pick<
    Ports,
    'unsealed' | 'restart' | 'seal' | 'clock' | 'workspaces' | 'openWorkspaces' | 'runFolders'
  >;
  readonly log: Pick<Logger, 'warn'>;
  /** Days for which step logs are kept. */
  readonly logDays: number;
}

const EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;
const DAYS_AHEAD = 7;

/** What must be done now and then and by anybody: restarting and sealing what a dead worker had only ended, making and dropping days of logs, removing workspaces. */
export class Housekeeping {
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: HousekeepingOptions) {
    this.timer = setInterval(() => void this.once(), EVERY_MS);
    this.timer.unref();
    void this.once();
  }

  /** Never rejects: what failed is tried again in an hour. */
  async once(): Promise<void> {
    await this.ends().catch((error: unknown) => this.note(error));
    await this.logs().catch((error: unknown) => this.note(error));
    await this.workspaces().catch((error: unknown) => this.note(error));
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async ends(): Promise<void> {
    const { ports } = this.options;
    for (const { org, run } of await ports.unsealed())
      await this.follow(org, run).catch((error: unknown) => this.note(error));
  }

  /** What follows the end of a run. */
  private async follow(org: string, run: string): Promise<void> {
    const { ports } = this.options;
    await ports.restart(org, run);
    await ports.seal(org, run);
  }

  private async logs(): Promise<void> {
    const { sql, ports, logDays } = this.options;
    const day = (offset: number) => new Date(ports.clock.now().getTime() + offset * DAY_MS).toISOString().slice(0, 10);
    await preparePartitions(sql, day(0), day(DAYS_AHEAD));
    await prunePartitions(sql, day(-logDays));
  }

  private async workspaces(): Promise<void> {
    const { sql, ports } = this.options;
    for (const folder of [ports.workspaces, ...ports.openWorkspaces, ports.runFolders])
      await pruneWorkspaces(sql, folder);
  }

  private note(error: unknown): void {
    this.options.log.warn({ err: error }, 'housekeeping was not done; it is tried again in an hour');
  }
}
