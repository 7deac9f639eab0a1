/** 1 MB of Markdown that no block of comes again: what the compiler remembers of scripts that it has read helps it nowhere. */
const SIZE = 1_000_000;

const FENCE = /^\s*(?:```|~~~)/;
/** A command of plain words, perhaps after a prompt: one more word leaves it one. */
const PLAIN = /^\s*(?:\$ )?[A-Za-z][\w./-]*(?: [\w./:@%,+=-]+)*$/;

/** The document with other digits, and with one more word at the end of the first plain command of each block. */
export function renewed(text, random) {
  let inside = false;
  let due = false;
  const lines = text.replace(/\d/g, () => String(Math.floor(random() * 10))).split('\n');
  return lines
    .map((line) => {
      if (FENCE.test(line)) {
        inside = !inside;
        due = inside;
      } else if (due && PLAIN.test(line)) {
        due = false;
        return `${line} n${Math.floor(random() * 1e6)}`;
      }
      return line;
    })
    .join('\n');
}

/** The documents one after the other, again and again, each time renewed. */
export function megabyte(texts, seed) {
  const random = generator(seed + 1);
  let whole = '# All\n';
  while (whole.length < SIZE)
    for (const text of texts) if (whole.length < SIZE) whole += `${renewed(text, random)}\n\n`;
  return whole.slice(0, SIZE);
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
