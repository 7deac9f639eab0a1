const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** How many bytes of a pattern the filter looks at. No pattern is shorter. */
export const PREFIX = 4;
const FILTER_BITS = 21;

/** What is looked for: bytes without line breaks, at least `PREFIX` of them. */
interface Pattern {
  readonly bytes: Uint8Array;
  /** One of these belongs to it where it stands right before it. */
  readonly leads: readonly Uint8Array[];
  /** One of these belongs to it where it comes right after it. */
  readonly tails: readonly Uint8Array[];
}

/**
 * Aho–Corasick over bytes (Aho & Corasick, CACM 18, 1975), the trie kept as child and sibling lists: a key of some
 * kilobytes has a hundred forms, and dense rows for them would take tens of megabytes. State 0 is the root.
 */
export interface Automaton {
  /** One bit for each hash of the first bytes of a pattern (see `mayBegin`): text that begins none is passed over by it alone. */
  readonly filter: Uint32Array;
  readonly root: Int32Array;
  /** The state after two bytes from the root, at `first << 8 | second`: where nearly all of a text goes. */
  readonly pair: Int32Array;
  readonly byte: Uint8Array;
  readonly child: Int32Array;
  readonly sibling: Int32Array;
  readonly fail: Int32Array;
  /** Length of the state's text. */
  readonly depth: Int32Array;
  /** Length of the longest pattern that ends in this state; 0 for none. */
  readonly matched: Int32Array;
  /** The state in which that pattern ends, when it has `leads`; 0: it has none. */
  readonly led: Int32Array;
  /** Of the patterns that end in a state: what belongs to them right before them. */
  readonly leads: Map<number, readonly Uint8Array[]>;
  /** The label of that pattern; of one that goes through this state where none ends. */
  readonly label: Int32Array;
}

export function isLineBreak(byte: number): boolean {
  return byte === LINE_FEED || byte === CARRIAGE_RETURN;
}

/** Builds the automaton of patterns; label `i` belongs to `patterns[i]`. */
export function buildAutomaton(patterns: readonly (readonly Pattern[])[]): Automaton {
  const all = patterns.flat();
  const begun = all.flatMap(beginnings);
  const texts = [...all.flatMap(({ bytes, tails }) => [bytes, ...tails]), ...begun];
  const capacity = 1 + texts.reduce((sum, { length }) => sum + length, 0);
  const ints = () => new Int32Array(capacity);
  const built: Automaton = {
    filter: filterOf([...all.map(({ bytes }) => bytes), ...begun]),
    root: new Int32Array(256),
    pair: new Int32Array(65_536),
    byte: new Uint8Array(capacity),
    child: ints(),
    sibling: ints(),
    fail: ints(),
    depth: ints(),
    matched: ints(),
    led: ints(),
    leads: new Map(),
    label: ints(),
  };
  let size = 1;
  patterns.forEach((forms, label) => {
    for (const form of forms) size = insert(built, form, label, size);
    for (const beginning of forms.flatMap(beginnings)) size = path(built, beginning, { label, size }).size;
  });
  fillPairs(built);
  link(built, size);
  return built;
}

/**
 * A pattern with each of its leads, as far as the automaton must know it so that text with a lead is followed from there on: the failure
 * link at its end goes on with the pattern itself.
 */
const beginnings = ({ bytes, leads }: Pattern): Uint8Array[] =>
  leads.map((lead) => Buffer.concat([lead, bytes.subarray(0, PREFIX)]));

function filterOf(patterns: readonly Uint8Array[]): Uint32Array {
  const filter = new Uint32Array(2 ** (FILTER_BITS - 5));
  for (const [a = 0, b = 0, c = 0, d = 0] of patterns) {
    const hash = hashOf((a << 24) | (b << 16) | (c << 8) | d);
    filter[hash >>> 5]! |= 1 << hash;
  }
  return filter;
}

/** Multiplicative (Knuth, TAOCP 3, §6.4). A shift counts modulo 32, so the low five bits of the hash need no mask. */
const hashOf = (prefix: number): number => Math.imul(prefix, 0x9e3779b1) >>> (32 - FILTER_BITS);

/** Whether these four bytes may begin a pattern; one in some hundred that begin none says so too. */
export function mayBegin(filter: Uint32Array, prefix: number): boolean {
  const hash = hashOf(prefix);
  return ((filter[hash >>> 5]! >>> hash) & 1) === 1;
}

/** The state after the last `PREFIX` bytes when these begin a pattern; 0 otherwise. */
export function stateOf(built: Automaton, prefix: number): number {
  const third = step(built, built.pair[prefix >>> 16]!, (prefix >>> 8) & 255);
  const state = step(built, third, prefix & 255);
  return built.depth[state] === PREFIX ? state : 0;
}

/** How many of the last bytes, fewer than `PREFIX`, may still turn out to begin a pattern. */
export function openEnd(built: Automaton, recent: number): number {
  const second = step(built, built.root[(recent >>> 16) & 255]!, (recent >>> 8) & 255);
  return Math.min(PREFIX - 1, built.depth[step(built, second, recent & 255)]!);
}

function fillPairs({ root, pair, byte, child, sibling }: Automaton): void {
  root.forEach((state, first) => {
    if (state === 0) return;
    pair.set(root, first << 8);
    for (let next = child[state]!; next !== 0; next = sibling[next]!) pair[(first << 8) | byte[next]!] = next;
  });
}

function insert(built: Automaton, { bytes, leads, tails }: Pattern, label: number, before: number): number {
  const whole = path(built, bytes, { label, size: before });
  let { size } = whole;
  const ends = [{ ...whole, length: bytes.length }];
  for (const tail of tails) {
    const end = path(built, tail, { label, size, from: whole.state });
    ends.push({ ...end, length: bytes.length + tail.length });
    size = end.size;
  }
  for (const { state, length } of ends) {
    built.matched[state] = length;
    if (leads.length > 0) {
      built.led[state] = state;
      built.leads.set(state, [...(built.leads.get(state) ?? []), ...leads]);
    }
    built.label[state] = label;
  }
  return size;
}

interface Place {
  readonly label: number;
  /** How many states there are. */
  readonly size: number;
  readonly from?: number;
}

/** The state at the end of a text, and how many states there are with those that were made for it. */
function path(built: Automaton, text: Uint8Array, place: Place): { readonly state: number; readonly size: number } {
  let { size } = place;
  let state = place.from ?? 0;
  for (const byte of text) {
    let next = built.child[state]!;
    while (next !== 0 && built.byte[next] !== byte) next = built.sibling[next]!;
    if (next === 0) {
      next = size++;
      built.byte[next] = byte;
      built.label[next] = place.label;
      built.depth[next] = built.depth[state]! + 1;
      built.sibling[next] = built.child[state]!;
      built.child[state] = next;
      if (state === 0) built.root[byte] = next;
    }
    state = next;
  }
  return { state, size };
}

/** Breadth first: the failure link of a state leads to the longest proper suffix that is a state as well. */
function link(built: Automaton, size: number): void {
  const { child, sibling, fail, matched, led, label, byte } = built;
  const queue = new Int32Array(size);
  let end = 1;
  for (let at = 0; at < end; at++) {
    const state = queue[at]!;
    for (let next = child[state]!; next !== 0; next = sibling[next]!) {
      queue[end++] = next;
      fail[next] = state === 0 ? 0 : step(built, fail[state]!, byte[next]!);
      if (matched[next] === 0 && matched[fail[next]!] !== 0) {
        matched[next] = matched[fail[next]!]!;
        led[next] = led[fail[next]!]!;
        label[next] = label[fail[next]!]!;
      }
    }
  }
}

/** The state after `byte`; amortised constant. */
export function step(
  { root, pair, byte, child, sibling, fail, depth }: Automaton,
  state: number,
  next: number,
): number {
  let from = state;
  while (depth[from]! > 1) {
    let to = child[from]!;
    while (to !== 0 && byte[to] !== next) to = sibling[to]!;
    if (to !== 0) return to;
    from = fail[from]!;
  }
  return from === 0 ? root[next]! : pair[(byte[from]! << 8) | next]!;
}
