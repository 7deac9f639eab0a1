import { type Automaton, isLineBreak, step } from './automaton.js';

/** A stretch of bytes that is a secret, or several that overlap. */
interface Span {
  start: number;
  end: number;
  /** Of the longest pattern in it. */
  label: number;
  length: number;
  /** Its bytes without line breaks. */
  width: number;
}

export interface Patterns {
  readonly automaton: Automaton;
  /** What replaces a secret, by label. */
  readonly markers: readonly Uint8Array[];
  /** How many line-break bytes may stand between two bytes of a secret. */
  readonly gap: number;
}

const NOTHING = new Uint8Array(0);
/** `settle` lets go of at most this many bytes that a secret may begin with. */
const SETTLED_DEPTH = 2;

/**
 * Masks a stream of bytes. A secret is found wherever chunks are cut, and broken over lines. Held back is only what may
 * still turn out to be the beginning of a secret. Overlapping secrets become one marker. Positions are relative to `held`.
 */
export class Scanner {
  private state = 0;
  private breaks = 0;
  private held: Uint8Array = NOTHING;
  private spans: Span[] = [];
  /** Bytes before this position are represented by a marker that was already given out. */
  private covered = 0;

  constructor(private readonly patterns: Patterns) {}

  write(chunk: Uint8Array): Uint8Array {
    const data = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    this.scan(data, this.held.length);
    const { depth } = this.patterns.automaton;
    const safe = this.state === 0 ? data.length : startOf(data, data.length, depth[this.state]!);
    return this.release(data, safe);
  }

  /**
   * Gives out what is held when it is no more than two bytes that a secret may begin with, so that the end of a line
   * does not wait for the next line. The rest of such a secret is masked all the same.
   */
  settle(): Uint8Array {
    if (this.held.length === 0 || this.patterns.automaton.depth[this.state]! > SETTLED_DEPTH) return NOTHING;
    return this.release(this.held, this.held.length);
  }

  end(): Uint8Array {
    const rest = this.release(this.held, this.held.length);
    this.state = 0;
    return rest;
  }

  private scan(data: Uint8Array, from: number): void {
    const { automaton, gap } = this.patterns;
    const { root, matched } = automaton;
    let state = this.state;
    let breaks = this.breaks;
    for (let at = from; at < data.length; at++) {
      const byte = data[at]!;
      if (state === 0) {
        state = root[byte]!;
        breaks = 0;
      } else if (isLineBreak(byte)) {
        if (++breaks > gap) state = 0;
      } else {
        breaks = 0;
        state = step(automaton, state, byte);
        if (matched[state] !== 0) this.found(data, at + 1, state);
      }
    }
    this.state = state;
    this.breaks = breaks;
  }

  /** Steps over earlier matches as a whole, so that a text full of overlapping ones still takes linear time. */
  private found(data: Uint8Array, end: number, state: number): void {
    const { matched, label } = this.patterns.automaton;
    const length = matched[state]!;
    const span: Span = { start: end, end, label: label[state]!, length, width: 0 };
    while (span.width < length && span.start > 0) {
      const last = this.spans.at(-1);
      if (last?.end === span.start) {
        this.spans.pop();
        span.start = last.start;
        span.width += last.width;
        if (last.length > span.length) Object.assign(span, { label: last.label, length: last.length });
      } else {
        span.start--;
        if (!isLineBreak(data[span.start]!)) span.width++;
      }
    }
    this.spans.push(span);
  }

  /** Gives out the bytes before `safe`. No later match can begin before it, so the start of every span there is final. */
  private release(data: Uint8Array, safe: number): Uint8Array {
    if (safe === data.length && this.spans.length === 0 && this.covered === 0) {
      this.held = NOTHING;
      return data;
    }
    const parts: Uint8Array[] = [];
    let at = Math.min(this.covered, safe);
    const later = this.spans.findIndex((span) => span.start >= safe);
    const due = this.spans.splice(0, later === -1 ? this.spans.length : later);
    for (const span of due) {
      if (span.start >= this.covered) {
        parts.push(data.subarray(at, span.start), this.patterns.markers[span.label]!);
      }
      this.covered = Math.max(this.covered, span.end);
      at = Math.min(this.covered, safe);
    }
    parts.push(data.subarray(at, safe));
    this.covered = Math.max(0, this.covered - safe);
    for (const span of this.spans) {
      span.start -= safe;
      span.end -= safe;
    }
    // A copy: the caller may reuse its buffer.
    this.held = Uint8Array.prototype.slice.call(data, safe);
    return Buffer.concat(parts);
  }
}

/** Where the last `length` bytes before `end` begin, line breaks not counted; 0 when they began in bytes given out before. */
function startOf(data: Uint8Array, end: number, length: number): number {
  let at = end;
  for (let left = length; left > 0 && at > 0; ) {
    at--;
    if (!isLineBreak(data[at]!)) left--;
  }
  return at;
}
