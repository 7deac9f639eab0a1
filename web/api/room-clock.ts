let offsetMs = 0;
let best = Number.POSITIVE_INFINITY;

/** The room's time in ms since 1970, whatever the clock of this machine says. */
export function roomNow(): number {
  return Date.now() + offsetMs;
}

/**
 * Learns how far the two clocks are apart. `Date` has seconds only, so its middle is taken, and an answer that came quickly
 * says more than one that was long on its way.
 *
 * @param date the header `Date` of an answer
 * @param sentMs and `receivedMs`: when it was asked and answered, by this machine's clock
 */
export function learnClock(date: string | null, sentMs: number, receivedMs: number): void {
  const said = date === null ? Number.NaN : Date.parse(date);
  const took = receivedMs - sentMs;
  if (Number.isNaN(said) || took >= best) return;
  best = took;
  const apart = said + 500 - (sentMs + took / 2);
  // Within the header's own rounding the clocks agree.
  offsetMs = Math.abs(apart) <= 1000 ? 0 : apart;
}
