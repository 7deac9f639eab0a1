import { OpsroomError } from '#kit/errors.js';

/** Lets so many through at once; so many others wait in the order in which they came, and more are sent away. */
export class Turnstile {
  private readonly waiting: (() => void)[] = [];
  private inside = 0;

  constructor(
    private readonly most: number,
    private readonly mostWaiting: number,
  ) {}

  /**
   * Does `work` once there is room, and makes room afterwards, whatever became of it.
   * @throws OpsroomError TOO_MANY_REQUESTS when too many wait already; what `work` throws
   */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    const isFull = this.inside >= this.most;
    if (isFull && this.waiting.length >= this.mostWaiting)
      throw new OpsroomError('TOO_MANY_REQUESTS', { what: `${this.waiting.length} others wait already` });
    if (isFull) await new Promise<void>((go) => this.waiting.push(go));
    else this.inside += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // The place is handed on, so that nobody who comes in between takes it.
      if (next === undefined) this.inside -= 1;
      else next();
    }
  }
}
