import { z } from 'zod';
import type { JsonObject } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import { deleteRule, findRule, insertRule, listRules, type RuleRow, updateRule } from '#notify/store.js';
import { appendAudit } from '#record/audit-store.js';
import type { Sql } from '#record/store.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { ruleShape, ruleView, shownRule } from './view.js';

/** More would be one message too many for whoever reads them. */
const MOST_RULES = 50;
export const ruleName = z.string().min(1).max(60).describe('The rule, by its name or id.');

export const listNotificationRules = operation({
  name: 'notifications.rules',
  summary: 'List the rules that say who is told what: Slack, Discord, a signed webhook or e-mail.',
  permission: 'room:admin',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: z.object({ rules: z.array(ruleView) }),
  run: (_, room) =>
    room.database.door(room.org, async (tx) => ({ rules: (await listRules(tx, room.org)).map(shownRule) })),
});

export const createNotificationRule = operation({
  name: 'notifications.create',
  summary: 'Make a rule: what is told, where, and when it is held back. It tells of what happens from now on.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject(ruleShape),
  output: ruleView,
  run: (given, room) =>
    room.database.engineTx(async (tx) => {
      if ((await listRules(tx, room.org)).length >= MOST_RULES) {
        throw new OpsroomError('USAGE', { what: `There are ${MOST_RULES} rules already.`, mend: 'Remove one first.' });
      }
      const id = uuidv7(room.ports.clock.now().getTime());
      const made = await insertRule(tx, { ...given, org: room.org, id, createdBy: room.by });
      if (!made) throw taken(given.name);
      await note(tx, room, 'notification.rule.created', made);
      return shownRule(made);
    }),
});

export const updateNotificationRule = operation({
  name: 'notifications.update',
  summary: 'Change a rule, or pause it. What is not given stays. What happened while it was paused is not told.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({
    rule: ruleName,
    name: ruleShape.name.optional(),
    place: ruleShape.place.optional(),
    events: ruleShape.events.optional(),
    only: ruleShape.only.unwrap().optional(),
    quiet: ruleShape.quiet.unwrap().optional(),
    groupMinutes: ruleShape.groupMinutes.unwrap().optional(),
    paused: z.boolean().optional(),
  }),
  output: ruleView,
  run: ({ rule: which, ...given }, room) =>
    room.database.engineTx(async (tx) => {
      const before = await known(tx, room, which);
      const wanted = { ...before, ...withoutAbsent(given) };
      const other = wanted.name === before.name ? undefined : await findRule(tx, room.org, wanted.name);
      if (other) throw taken(wanted.name);
      const changed = await updateRule(tx, wanted);
      if (!changed) throw unknown(which);
      await note(tx, room, 'notification.rule.changed', changed);
      return shownRule(changed);
    }),
});

export const removeNotificationRule = operation({
  name: 'notifications.remove',
  summary: 'Remove a rule, and what it still had to tell.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({ rule: ruleName }),
  output: ruleView,
  run: ({ rule: which }, room) =>
    room.database.engineTx(async (tx) => {
      const rule = await known(tx, room, which);
      await deleteRule(tx, room.org, rule.id);
      await note(tx, room, 'notification.rule.removed', rule);
      return shownRule(rule);
    }),
});

/** @throws OpsroomError NOT_FOUND */
export async function known(sql: Sql, room: Pick<Room, 'org'>, which: string): Promise<RuleRow> {
  const rule = await findRule(sql, room.org, which);
  if (!rule) throw unknown(which);
  return rule;
}

const unknown = (which: string) =>
  new OpsroomError('NOT_FOUND', {
    what: 'There is no such rule.',
    where: which,
    mend: 'List them: opsroom notify list.',
  });
const taken = (name: string) =>
  new OpsroomError('USAGE', { what: `There is a rule "${name}" already.`, mend: 'Choose another name.' });

/** Places hold names of secrets and no secrets, so the whole rule may stand in the log. */
async function note(tx: Sql, room: Room, kind: string, rule: RuleRow): Promise<void> {
  const at = room.ports.clock.now().toISOString();
  await appendAudit(tx, room.org, [{ at, kind, actor: room.by, data: shownRule(rule) as unknown as JsonObject }]);
}

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };
const withoutAbsent = <T extends object>(given: T): Given<Partial<T>> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Given<Partial<T>>;
