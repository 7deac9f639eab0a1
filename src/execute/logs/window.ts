import { type Block, logDigest } from './block.js';

export interface WindowLimits {
  readonly headBytes: number;
  readonly tailBytes: number;
}

/** What a block counts for beside its bytes, so that a log of many tiny blocks is bounded as well. */
const BLOCK_COST = 512;

/** Which blocks of a log are kept: the head until its limit, then a tail that rolls on. Pure bookkeeping. */
export class LogWindow<B extends Omit<Block, 'body'> & { readonly size: number }> {
  private readonly head: B[] = [];
  private readonly tail: B[] = [];
  private headSize = 0;
  private tailSize = 0;
  /** Lines that were dropped between head and tail. */
  droppedLines = 0;

  constructor(private readonly limits: WindowLimits) {}

  /** Takes a block in and returns those that it pushed out, oldest first. A block is never pushed out by itself. */
  push(block: B): B[] {
    const cost = block.size + BLOCK_COST;
    if (this.tail.length === 0 && this.headSize + cost <= this.limits.headBytes) {
      this.headSize += cost;
      this.head.push(block);
      return [];
    }
    this.tailSize += cost;
    this.tail.push(block);
    const out = this.tail.splice(0, this.excess());
    for (const { size, lines } of out) {
      this.tailSize -= size + BLOCK_COST;
      this.droppedLines += lines;
    }
    return out;
  }

  digest(): string {
    return logDigest([...this.head, ...this.tail]);
  }

  private excess(): number {
    let over = this.tailSize - this.limits.tailBytes;
    let count = 0;
    for (; over > 0 && count < this.tail.length - 1; count++) over -= this.tail[count]!.size + BLOCK_COST;
    return count;
  }
}
