/** Lets so many through at once; others wait in the order in which they came. */
export class Turnstile {
  private readonly waiting: (() => void)[] = [];
  private inside = 0;

  constructor(private readonly most: number) {}

  /** Does `work` once there is room, and makes room afterwards, whatever became of it. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside >= this.most) await new Promise<void>((go) => this.waiting.push(go));
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
