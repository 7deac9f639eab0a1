import { createHash } from 'node:crypto';
import type { Presented } from '#operations/enter.js';

/** Names that were made up by the thousand take no more memory than this. */
const MOST = 10_000;

/**
 * Who was let in of late, and which addresses guess too often. Whoever is unknown and comes from such an address is refused
 * without being looked up, so that guessing costs the database nothing; whoever was let in before is never held up by it, also
 * behind a proxy, where all have one address.
 */
export class Guests {
  private readonly known = new Set<string>();
  private readonly shutUntilMs = new Map<string, number>();

  /** After how many whole seconds somebody may try; 0: now. */
  waitS(presented: Presented, address: string, nowMs: number): number {
    const leftMs = (this.shutUntilMs.get(address) ?? 0) - nowMs;
    return leftMs <= 0 || this.known.has(fingerprint(presented)) ? 0 : Math.ceil(leftMs / 1000);
  }

  /** What was presented opened the room. */
  welcome(presented: Presented): void {
    renew(this.known, fingerprint(presented));
  }

  /** Nobody unknown is looked up from this address for so long. */
  shut(address: string, waitS: number, nowMs: number): void {
    this.shutUntilMs.delete(address);
    this.shutUntilMs.set(address, nowMs + waitS * 1000);
    const [oldest] = this.shutUntilMs.keys();
    if (this.shutUntilMs.size > MOST && oldest !== undefined) this.shutUntilMs.delete(oldest);
  }
}

function renew(set: Set<string>, value: string): void {
  set.delete(value); // put back last: the order is that of use
  set.add(value);
  const [oldest] = set;
  if (set.size > MOST && oldest !== undefined) set.delete(oldest);
}

/** A credential is kept nowhere, not even in memory. */
const fingerprint = ({ credential, cookie }: Presented): string =>
  createHash('sha256')
    .update(`${credential ?? ''}\n${credential === undefined ? cookie : ''}`)
    .digest('base64');
