import type { Client } from 'pg';
import type { Database } from '#db/database.js';

/** Rings when somebody signals a run: at once while its connection holds; the beat makes good what it misses. */
export class Bell {
  private client: Client | undefined;
  private opening = false;
  private stopped = false;

  constructor(
    private readonly database: Pick<Database, 'connectDirect'>,
    private readonly ring: (run: string) => void,
  ) {}

  /** Listens, unless it does already. */
  async listen(): Promise<void> {
    if (this.client || this.opening || this.stopped) return;
    this.opening = true;
    try {
      await this.open();
    } finally {
      this.opening = false;
    }
  }

  private async open(): Promise<void> {
    const client = await this.database.connectDirect();
    client.on('notification', ({ payload = '' }) => this.ring(payload));
    client.on('end', () => {
      if (this.client === client) this.client = undefined;
    });
    try {
      await client.query('listen opsroom_signals');
    } catch (error) {
      void client.end();
      throw error;
    }
    if (this.stopped) await client.end();
    else this.client = client;
  }

  /** Lets go of a connection that may have fallen silent; the next `listen` opens another. */
  drop(): void {
    void this.client?.end();
    this.client = undefined;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.client?.end();
  }
}
