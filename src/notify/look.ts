import type { Database } from '#db/database.js';
import { uuidv7 } from '#kit/ids.js';
import { happenings } from './happenings-store.js';
import { quietUntil } from './quiet.js';
import { fits } from './rule.js';
import {
  holdRules,
  insertNotifications,
  type LookingRule,
  lastSent,
  noteLooked,
  organisationsWithRules,
  type Sql,
} from './store.js';

/**
 * How far back each look goes beyond the last one: a commit shows what its clock read when it began. What is found twice is told
 * once.
 */
const OVERLAP_MS = 120_000;

/** What looking needs of the rest of the room. */
export interface LookPorts {
  /** What takes an organisation's secrets out of what its plans and tools have said. */
  readonly maskOf: (org: string) => Promise<Mask>;
  /** Called for an organisation that could not be looked at; it is tried again next time. */
  readonly failed: (error: unknown, org: string) => void;
}

type Mask = (text: string) => string;

/**
 * Looks for what the rules of every organisation want told, and notes it as due: now, when the quiet hours are over, or when the
 * minutes are over within which more of the same is told together. What keeps one organisation from it keeps no other.
 */
export async function lookAround(database: Pick<Database, 'engine' | 'engineTx'>, ports: LookPorts): Promise<void> {
  for (const org of await organisationsWithRules(database.engine)) {
    try {
      const mask = await ports.maskOf(org); // before the transaction: it may need a connection of its own
      await database.engineTx((tx) => lookIn(tx, org, mask));
    } catch (error) {
      ports.failed(error, org);
    }
  }
}

async function lookIn(tx: Sql, org: string, mask: Mask): Promise<void> {
  for (const rule of await holdRules(tx, org)) {
    const since = new Date(Math.max(rule.since.getTime() - OVERLAP_MS, rule.tellsFrom.getTime()));
    const found = (await happenings(tx, org, rule.events, since)).filter(({ facts }) => fits(rule.only, facts));
    const told = await lastSent(tx, org, rule.id, [...new Set(found.map(({ groupKey }) => groupKey))]);
    await insertNotifications(
      tx,
      found.map(({ facts, ...one }) => ({
        ...one,
        org,
        id: uuidv7(rule.now.getTime()),
        rule: rule.id,
        facts: { ...facts, title: mask(facts.title), detail: facts.detail ? mask(facts.detail) : null },
        dueAt: dueAt(rule, told.get(one.groupKey)),
      })),
    );
    await noteLooked(tx, rule);
  }
}

/** When a message may go: not in the quiet hours, and not sooner after the last of its group than the rule says. */
export function dueAt({ quiet, groupMinutes, now }: LookingRule, last: Date | undefined): Date {
  const apart = last ? new Date(Math.max(now.getTime(), last.getTime() + groupMinutes * 60_000)) : now;
  return (quiet ? quietUntil(quiet, apart) : undefined) ?? apart;
}
