import type { Database } from '#db/database.js';
import type { Clock } from '#kit/clock.js';
import type { Logger } from '#observe/log.js';
import type { AuditFact } from '#record/audit.js';
import { appendAudit } from '#record/audit-store.js';
import { fillBlocks } from '#record/audit-tree.js';
import { BLOCK } from '#record/subtrees.js';
import { RefusalMeter } from './refusals.js';

interface Waiting {
  readonly fact: AuditFact;
  readonly done: () => void;
}

/** A minute's refusals are one entry. */
const MINUTE_MS = 60_000;

/**
 * Appends the calls of this process to the audit log. Those that come while others are being written go together, so that
 * many at once cost one commit.
 */
export class CallRecorder {
  private readonly waiting = new Map<string, Waiting[]>();
  private readonly writing = new Map<string, Promise<void>>();
  /** How many blocks of the tree are kept. */
  private readonly filled = new Map<string, number>();
  private readonly meter = new RefusalMeter();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Pick<Database, 'engineTx'>,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Resolves when the fact is committed. Never rejects: what was done is done, so a fact that is lost is told in the room's log. */
  note(org: string, fact: AuditFact): Promise<void> {
    return new Promise((done) => {
      const queue = this.waiting.get(org) ?? [];
      this.waiting.set(org, queue);
      queue.push({ fact, done });
      if (!this.writing.has(org)) this.writing.set(org, this.drain(org));
    });
  }

  /** Notes a refusal: the first ones of a minute each, the rest of it as a number, so that nobody floods the log by asking. */
  async noteRefusal(org: string, fact: AuditFact, code: string): Promise<void> {
    this.everyMinute();
    if (this.meter.whole(org, fact.actor)) return this.note(org, fact);
    this.meter.count({ org, actor: fact.actor, code }, this.clock.now());
  }

  /** Counts somebody who was not let in; `address` of the connection. */
  stranger(org: string, address: string, code: string): void {
    this.everyMinute();
    this.meter.count({ org, actor: 'stranger', code, address }, this.clock.now());
  }

  /** Writes down what was only counted so far, and waits for the rest. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.tellCounts();
    await Promise.all(this.writing.values());
  }

  private everyMinute(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.tellCounts();
    }, MINUTE_MS).unref();
  }

  private tellCounts(): void {
    for (const { org, fact } of this.meter.take(this.clock.now())) void this.note(org, fact);
  }

  private async drain(org: string): Promise<void> {
    for (;;) {
      const batch = this.waiting.get(org) ?? [];
      this.waiting.delete(org);
      if (batch.length === 0) break;
      await this.write(org, batch);
    }
    this.writing.delete(org);
  }

  private async write(org: string, batch: readonly Waiting[]): Promise<void> {
    const facts = batch.map(({ fact }) => fact);
    try {
      const entries = await this.database.engineTx((tx) => appendAudit(tx, org, facts));
      await this.fill(org, (entries.at(-1)?.seq ?? 0) + 1);
    } catch (err) {
      for (const fact of facts) this.log.error({ err, org, fact }, 'a call could not be noted in the audit log');
    }
    for (const { done } of batch) done();
  }

  /** A block is due with each 256th entry; whoever appends one that ends a block, or comes after it, fills it. */
  private async fill(org: string, size: number): Promise<void> {
    if (Math.floor(size / BLOCK) <= (this.filled.get(org) ?? 0)) return;
    try {
      this.filled.set(org, await this.database.engineTx((tx) => fillBlocks(tx, org)));
    } catch (err) {
      // What was noted stands; the next entry tries it again.
      this.log.warn({ err, org }, 'a block of the audit log could not be filled');
    }
  }
}
