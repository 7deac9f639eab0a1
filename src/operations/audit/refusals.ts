import type { AuditFact } from '#record/audit.js';

/** A refusal that is not noted by itself. */
export interface Counted {
  readonly org: string;
  /** Who was refused; `stranger` for somebody who was not let in. */
  readonly actor: string;
  readonly code: string;
  /** Of the connection. */
  readonly address?: string;
}

interface Tally {
  readonly org: string;
  readonly actor: string;
  readonly since: Date;
  count: number;
  readonly codes: Map<string, number>;
  readonly addresses: Map<string, number>;
}

/** So many refusals of one asker are noted each by itself in a minute. */
const WHOLE = 30;
/** So many askers, and addresses of one, are told apart; the rest is counted together. */
const MOST_ACTORS = 1000;
const MOST_ADDRESSES = 20;
const OTHERS = 'others';

/** Keeps refusals from filling the log: how many of them, of whom and from where, a minute at a time. */
export class RefusalMeter {
  private readonly tallies = new Map<string, Tally>();
  private readonly noted = new Map<string, number>();

  /** Whether this refusal is still noted by itself. Counts it. */
  whole(org: string, actor: string): boolean {
    const key = `${org} ${this.noted.size < MOST_ACTORS ? actor : OTHERS}`;
    const before = this.noted.get(key) ?? 0;
    this.noted.set(key, before + 1);
    return before < WHOLE;
  }

  count({ org, actor, code, address }: Counted, now: Date): void {
    const name = this.tallies.size < MOST_ACTORS ? actor : OTHERS;
    const key = `${org} ${name}`;
    const known = this.tallies.get(key);
    const tally = known ?? { org, actor: name, since: now, count: 0, codes: new Map(), addresses: new Map() };
    if (!known) this.tallies.set(key, tally);
    tally.count += 1;
    add(tally.codes, code);
    if (address) add(tally.addresses, tally.addresses.size < MOST_ADDRESSES ? address : OTHERS, address);
  }

  /** What was counted, as facts, and begins anew. */
  take(now: Date): { readonly org: string; readonly fact: AuditFact }[] {
    const told = [...this.tallies.values()].map((tally) => ({ org: tally.org, fact: factOf(tally, now) }));
    this.tallies.clear();
    this.noted.clear();
    return told;
  }
}

/** @param instead counted under its own name when it has one already */
function add(counts: Map<string, number>, name: string, instead = name): void {
  const key = counts.has(instead) ? instead : name;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function factOf({ actor, since, count, codes, addresses }: Tally, now: Date): AuditFact {
  const counted = { since: since.toISOString(), until: now.toISOString(), count, codes: Object.fromEntries(codes) };
  const from = addresses.size > 0 ? { addresses: Object.fromEntries(addresses) } : {};
  const kind = actor === 'stranger' ? 'door.refused' : 'calls.refused';
  return { at: now.toISOString(), kind, actor, data: { outcome: 'refused', ...counted, ...from } };
}
