import { type Automaton, isLineBreak, mayBegin, openEnd, PREFIX, stateOf, step } from './automaton.js';

/** A stretch of bytes that is a secret, or several that overlap. */
interface Span {
  start: number;
  end: number;
  /** Of the pattern that begins first: its marker may be given out before the others are seen. */
  label: number;
  /** Its bytes without line breaks. */
  width: number;
}

/** A pattern that was seen, of so many bytes without line breaks. */
interface Match extends Pick<Span, 'end' | 'label'> {
  readonly length: number;
  /** So many bytes before it are there still, to see whether they lead it. */
  readonly before: number;
  /** What may lead it. */
  readonly leads: readonly Uint8Array[];
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
const HIGHEST_BREAK = 13;
/** Of a secret that its text was cut in, this much tells it from a text that only begins alike. */
const TELLING_BYTES = 16;
/** A character of base64, which a URL may spell in three bytes. */
const LONGEST_LEAD = 3;
/** The sign `…` in UTF-8: what was cut goes on with it. */
const CUT_SIGN = [0xe2, 0x80, 0xa6] as const;

/**
 * Masks a stream of bytes. A secret is found wherever chunks are cut, and broken over lines. Held back is only what may
 * still turn out to be the beginning of a secret. Overlapping secrets become one marker. Positions are relative to `held`.
 */
export class Scanner {
  /** Of the automaton, where at least the first bytes of a secret were seen; 0: the filter looks for such. */
  private state = 0;
  /** The last four bytes, line breaks left out. */
  private recent = 0;
  private breaks = 0;
  /** So many bytes before those of `state` are held back too: they may lead what it becomes. */
  private before = 0;
  private held: Uint8Array = NOTHING;
  private spans: Span[] = [];
  /** Bytes before this position are represented by a marker that was already given out. */
  private covered = 0;

  constructor(private readonly patterns: Patterns) {}

  write(chunk: Uint8Array): Uint8Array {
    const data = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    for (let at = this.held.length; at < data.length; ) {
      at = this.state === 0 ? this.seek(data, at) : this.follow(data, at);
    }
    return this.release(data, startOf(data, data.length, this.open()));
  }

  /**
   * Gives out what is held when it is no more than two bytes that a secret may begin with, so that the end of a line
   * does not wait for the next line. The rest of such a secret is masked all the same.
   */
  settle(): Uint8Array {
    if (this.held.length === 0 || this.open() > SETTLED_DEPTH) return NOTHING;
    return this.release(this.held, this.held.length);
  }

  end(): Uint8Array {
    this.cutOff(this.held, this.held.length);
    const rest = this.release(this.held, this.held.length);
    this.state = 0;
    this.before = 0;
    this.recent = 0;
    this.breaks = 0;
    return rest;
  }

  /** How many bytes at the end may still turn out to be the beginning of a secret. */
  private open(): number {
    const { automaton } = this.patterns;
    return this.state === 0 ? openEnd(automaton, this.recent) : automaton.depth[this.state]! + this.before;
  }

  /** Passes over what begins no secret; returns where to go on. Nearly all of a text goes through here. */
  private seek(data: Uint8Array, from: number): number {
    const { automaton, gap } = this.patterns;
    const { filter } = automaton;
    let { recent, breaks } = this;
    let at = from;
    for (; at < data.length && this.state === 0; at++) {
      const byte = data[at]!;
      if (byte <= HIGHEST_BREAK && isLineBreak(byte)) {
        if (++breaks > gap) recent = 0;
        continue;
      }
      breaks = 0;
      recent = (recent << 8) | byte;
      if (mayBegin(filter, recent)) this.enter(data, at + 1, recent);
    }
    this.recent = recent;
    this.breaks = breaks;
    return at;
  }

  private enter(data: Uint8Array, end: number, recent: number): void {
    const { automaton } = this.patterns;
    this.state = stateOf(automaton, recent);
    if (automaton.matched[this.state] !== 0) this.found(data, end, this.state);
  }

  /** Goes on with what began as a secret does, until it is none. */
  private follow(data: Uint8Array, from: number): number {
    const { automaton, gap } = this.patterns;
    const { depth, matched } = automaton;
    let { state, recent, breaks, before } = this;
    let at = from;
    for (; at < data.length && state !== 0; at++) {
      const byte = data[at]!;
      if (byte === CUT_SIGN[0] && isCut(data, at)) this.cutOff(data, at, state);
      if (isLineBreak(byte)) {
        if (++breaks > gap) state = recent = before = 0;
        continue;
      }
      breaks = 0;
      recent = (recent << 8) | byte;
      const passed = depth[state]! + 1;
      state = step(automaton, state, byte);
      if (depth[state]! < passed) before = Math.min(passed - depth[state]!, LONGEST_LEAD);
      if (matched[state] !== 0) this.found(data, at + 1, state, before);
      if (depth[state]! < PREFIX) state = before = 0;
    }
    this.state = state;
    this.before = before;
    this.recent = recent;
    this.breaks = breaks;
    return at;
  }

  /** @param kept how many bytes before those of the state are there still */
  private found(data: Uint8Array, end: number, state: number, kept = 0): void {
    const { depth, matched, led, leads, label } = this.patterns.automaton;
    const length = matched[state]!;
    const before = depth[state]! - length + kept;
    this.cover(data, { end, length, label: label[state]!, before, leads: leads.get(led[state]!) ?? [] });
  }

  /** The beginning of a secret at the end of a text that was cut to a limit is as good as half of it. */
  private cutOff(data: Uint8Array, end: number, state = this.state): void {
    const { depth, label } = this.patterns.automaton;
    if (depth[state]! < TELLING_BYTES) return;
    let last = end;
    while (last > 0 && isLineBreak(data[last - 1]!)) last--;
    this.cover(data, { end: last, length: depth[state]!, label: label[state]!, before: 0, leads: [] });
  }

  private cover(data: Uint8Array, { end, length, label, before, leads }: Match): void {
    const span: Span = { start: end, end, label, width: 0 };
    this.widen(data, span, length);
    if (before > 0 && leads.length > 0 && span.width === length)
      this.widen(data, span, length + Math.min(before, leadBefore(data, span.start, leads)));
    this.spans.push(span);
  }

  /** Steps over earlier matches as a whole, so that a text full of overlapping ones still takes linear time. */
  private widen(data: Uint8Array, span: Span, length: number): void {
    while (span.width < length && span.start > 0) {
      const last = this.spans.at(-1);
      if (last?.end === span.start) {
        this.spans.pop();
        span.start = last.start;
        span.width += last.width;
        if (span.width > length) span.label = last.label;
      } else {
        span.start--;
        if (!isLineBreak(data[span.start]!)) span.width++;
      }
    }
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

/** How many bytes right before a place are one of these, the longest of them; line breaks between are passed over. */
function leadBefore(data: Uint8Array, place: number, leads: readonly Uint8Array[]): number {
  const bytes = data.subarray(startOf(data, place, LONGEST_LEAD), place).filter((byte) => !isLineBreak(byte));
  const fitting = leads.filter((lead) => endsWith(bytes, lead));
  return Math.max(0, ...fitting.map(({ length }) => length));
}

const endsWith = (bytes: Uint8Array, end: Uint8Array): boolean =>
  end.length <= bytes.length && end.every((byte, n) => byte === bytes[bytes.length - end.length + n]);

const isCut = (data: Uint8Array, at: number): boolean => CUT_SIGN.every((byte, n) => data[at + n] === byte);

/** Where the last `length` bytes before `end` begin, line breaks not counted; 0 when they began in bytes given out before. */
function startOf(data: Uint8Array, end: number, length: number): number {
  let at = end;
  for (let left = length; left > 0 && at > 0; ) {
    at--;
    if (!isLineBreak(data[at]!)) left--;
  }
  return at;
}
