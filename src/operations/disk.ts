import { statfs } from 'node:fs/promises';
import type { Finding } from './finding.js';

const MIB = 1024 * 1024;
/** A fresh cluster takes some 50 MiB, its journal up to 1 GiB under load. */
const LEAST_FREE = 200 * MIB;
const GOOD_FREE = 2048 * MIB;
/** The database's journal grows by segments of 16 MiB: with less than two, the next write may be the one that fails. */
const FULL = 32 * MIB;

/** How many bytes whoever is not root may still write to the disk of this folder. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** What so many free bytes allow. Pure. */
export function freeSpaceFinding(bytes: number): Finding {
  const finding = { id: 'disk', title: 'Free disk', found: `${Math.floor(bytes / MIB)} MiB` };
  const mend = 'Free some space, or choose a directory on another disk with OPSROOM_HOME.';
  if (bytes >= GOOD_FREE) return { ...finding, ok: true, essential: true };
  return { ...finding, ok: false, essential: bytes < LEAST_FREE, mend };
}

/**
 * What a room that is up says of so many free bytes; none: nothing. On a full disk reads and heartbeats go well for long, and the log
 * cannot be written, so that nothing else tells why no run gets on. How much there is, `doctor` says: whoever reaches the port reads this.
 */
export function fullDiskProblems(bytes: number): string[] {
  if (bytes >= FULL) return [];
  return ['The disk of the data directory is full, or nearly: free some space. What waits for it goes on by itself.'];
}
