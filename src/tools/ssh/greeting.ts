/** What the login files of a host may print before the command; more than that is no greeting. */
const MOST_BYTES = 64 * 1024;

/**
 * The first line of a remote program, `MARKER PID`, is for us: taken out of the stream, wherever the packets cut it. What
 * comes before it was printed by the host's login files and is left in.
 */
export class Greeting {
  readonly #marker: Buffer;
  #held: Buffer = Buffer.alloc(0);
  #isOver = false;
  #tell: (group: number) => void = () => undefined;
  /** The process group that the command leads; never resolves when the host never says. */
  readonly group: Promise<number>;

  constructor(marker: string) {
    this.#marker = Buffer.from(`${marker} `);
    this.group = new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  /** What of the stream is the command's own. */
  take(chunk: Uint8Array): Uint8Array {
    if (this.#isOver) return chunk;
    this.#held = Buffer.concat([this.#held, chunk]);
    const at = this.#held.indexOf(this.#marker);
    const lineEnd = at < 0 ? -1 : this.#held.indexOf('\n', at);
    if (lineEnd < 0) return this.#held.length > MOST_BYTES ? this.rest() : new Uint8Array();
    const pid = Number(this.#held.toString('latin1', at + this.#marker.length, lineEnd));
    const own = Buffer.concat([this.#held.subarray(0, at), this.#held.subarray(lineEnd + 1)]);
    // Group 0 and 1 would be our own, and everybody's.
    if (Number.isInteger(pid) && pid > 1) this.#tell(pid);
    this.#over();
    return own;
  }

  /** What was held back, when the stream is at its end. */
  rest(): Uint8Array {
    const held = this.#held;
    this.#over();
    return held;
  }

  #over(): void {
    this.#isOver = true;
    this.#held = Buffer.alloc(0);
  }
}
