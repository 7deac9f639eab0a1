/** How many streams may be open: of one principal, and of all together. */
export interface StreamCaps {
  readonly each: number;
  readonly all: number;
}

/** Which streams are open. A place is taken before anything is waited for, so that many at once are counted. */
export class Streams {
  private readonly held = new Map<string, number>();
  private total = 0;

  constructor(private readonly caps: StreamCaps) {}

  /** Takes a place. Returns how to give it back, which may be called again; undefined: there is none. */
  take(who: string): (() => void) | undefined {
    const mine = this.held.get(who) ?? 0;
    if (mine >= this.caps.each || this.total >= this.caps.all) return undefined;
    this.held.set(who, mine + 1);
    this.total += 1;
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      this.leave(who);
    };
  }

  private leave(who: string): void {
    this.total -= 1;
    const left = (this.held.get(who) ?? 1) - 1;
    if (left === 0) this.held.delete(who);
    else this.held.set(who, left);
  }
}
