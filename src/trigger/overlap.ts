export const OVERLAP = ['skip', 'queue', 'cancel', 'allow'] as const;
export type Overlap = (typeof OVERLAP)[number];

/** What a schedule has going when another time comes. */
export interface Going {
  /** Runs that have not ended, and intents that wait. */
  readonly going: number;
  /** Times that wait for those. */
  readonly queued: number;
}

/**
 * `begin` now; `queue`: after those that go on; `skip`; `replace`: the older runs are cancelled, times that waited are given up,
 * and this one begins when the runs have ended.
 */
export type Admission = 'begin' | 'queue' | 'skip' | 'replace';

/** A schedule whose runs take longer than the time between them would otherwise queue up for ever. */
export const MOST_QUEUED = 100;

/** What becomes of a time that has come. */
export function admit(overlap: Overlap, { going, queued }: Going): Admission {
  if (overlap === 'allow' || going + queued === 0) return 'begin';
  if (overlap === 'cancel') return 'replace';
  return overlap === 'queue' && queued < MOST_QUEUED ? 'queue' : 'skip';
}
