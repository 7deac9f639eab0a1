/** The run that every example of the API's document speaks of. */
export const RUN = '019ab3c0-7d5e-7c11-9a55-0c2b6f4e1d20';
export const AT = '2026-11-21T06:16:22.000Z';
/** A SHA-256, hex, and a plan's digest. */
export const HEX = '9f86d081884c7d65'.repeat(4);
export const DIGEST = `sha256:${HEX}`;

/** What every view of a run says of it. */
export const runBasics = {
  runId: RUN,
  title: 'Say hello',
  status: 'running',
  word: null,
  lane: 'B',
  priority: 0,
  requestedBy: 'key:ci',
  createdAt: AT,
  startedAt: AT,
  endedAt: null,
  progress: { done: 0, total: 1 },
};
