import type { Database } from '#db/database.js';
import { uuidv7 } from '#kit/ids.js';
import { happenings } from './happenings-store.js';
import { quietUntil } from './quiet.js';
import { fits } from './rule.js';
import { holdRules, insertNotifications, type LookingRule, lastSent, noteLooked } from './store.js';

/**
 * How far back each look goes beyond the last one: a commit shows what its clock read when it began. What is found twice is told
 * once.
 */
const OVERLAP_MS = 120_000;

/**
 * Looks for what the rules of every organisation want told, and notes it as due: now, when the quiet hours are over, or when the
 * minutes are over within which more of the same is told together.
 * @param maskOf what takes an organisation's secrets out of what its plans and tools have said
 */
export async function lookAround(
  database: Pick<Database, 'engineTx'>,
  maskOf: (org: string) => Promise<(text: string) => string>,
): Promise<void> {
  await database.engineTx(async (tx) => {
    const rules = await holdRules(tx);
    for (const rule of rules) {
      const since = new Date(Math.max(rule.since.getTime() - OVERLAP_MS, rule.createdAt.getTime()));
      const found = (await happenings(tx, rule.org, rule.events, since)).filter(({ facts }) => fits(rule.only, facts));
      const mask = await maskOf(rule.org);
      const told = await lastSent(tx, rule.org, rule.id, [...new Set(found.map(({ groupKey }) => groupKey))]);
      await insertNotifications(
        tx,
        found.map(({ facts, ...one }) => ({
          ...one,
          org: rule.org,
          id: uuidv7(rule.now.getTime()),
          rule: rule.id,
          facts: { ...facts, title: mask(facts.title), detail: facts.detail ? mask(facts.detail) : null },
          dueAt: dueAt(rule, told.get(one.groupKey)),
        })),
      );
    }
    const [first] = rules;
    if (first)
      await noteLooked(
        tx,
        rules.map(({ id }) => id),
        first.now,
      );
  });
}

/** When a message may go: not in the quiet hours, and not sooner after the last of its group than the rule says. */
export function dueAt({ quiet, groupMinutes, now }: LookingRule, last: Date | undefined): Date {
  const apart = last ? new Date(Math.max(now.getTime(), last.getTime() + groupMinutes * 60_000)) : now;
  return (quiet ? quietUntil(quiet, apart) : undefined) ?? apart;
}
