import { later } from '#kit/clock.js';

/** Lets one loop sleep until something happens. Waking before sleeping counts; waking often costs one round. */
export class Wake {
  private woken = false;
  private resume: (() => void) | undefined;

  up(): void {
    this.woken = true;
    this.resume?.();
  }

  /** One turn of the event loop: what is ready by then is handled together. */
  tick(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Whether `up` was called since the last look. */
  consume(): boolean {
    const { woken } = this;
    this.woken = false;
    return woken;
  }

  /** Until `up`, or until the wall clock reads `wakeAt` (ms since the epoch). */
  async wait(wakeAt: number | undefined, nowMs: number): Promise<void> {
    if (!this.woken) {
      let stop: (() => void) | undefined;
      await new Promise<void>((resolve) => {
        this.resume = resolve;
        if (wakeAt !== undefined) stop = later(wakeAt - nowMs, resolve);
      });
      stop?.();
    }
    this.resume = undefined;
    this.woken = false;
  }
}
