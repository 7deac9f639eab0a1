/** A worker's places for runs: whoever finds none free waits for one. */
export class Places {
  private taken = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly size: number) {}

  get free(): number {
    return this.size - this.taken;
  }

  /** Does the work in a place of its own. */
  async enter<T>(work: () => Promise<T>): Promise<T> {
    if (this.taken < this.size) this.taken += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // The place is handed on as it is, so that nobody who comes now gets in between.
      if (next) next();
      else this.taken -= 1;
    }
  }
}
