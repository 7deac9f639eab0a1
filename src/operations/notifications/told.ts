import { z } from 'zod';
import { asOpsroomError, OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import type { Message } from '#notify/message.js';
import { listNotifications, retryNotification } from '#notify/store.js';
import { send } from '#notify/tell.js';
import { operation } from '../operation.js';
import { tellPorts } from './ports.js';
import { known, ruleName } from './rules.js';
import { notificationView, shownNotification } from './view.js';

export const listNotificationsOperation = operation({
  name: 'notifications.list',
  summary: 'List what has been told and what waits to be, the newest first, with why something has not arrived.',
  permission: 'room:admin',
  changes: false,
  consequential: false,
  input: z.strictObject({ limit: z.int().min(1).max(200).default(50) }),
  output: z.object({ notifications: z.array(notificationView) }),
  run: ({ limit }, room) =>
    room.database.door(room.org, async (tx) => ({
      notifications: (await listNotifications(tx, room.org, limit)).map(shownNotification),
    })),
});

export const testNotificationRule = operation({
  name: 'notifications.test',
  summary: 'Send a test message to the place of a rule now, paused or not, and say whether it was taken.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({ rule: ruleName }),
  output: z.object({ arrived: z.boolean(), error: z.string().nullable() }),
  run: async ({ rule: which }, room) => {
    const rule = await room.database.door(room.org, (tx) => known(tx, room, which));
    const ports = tellPorts(room);
    const now = ports.clock.now();
    try {
      await send(rule, testMessage(rule.name, now, ports.roomUrl()), uuidv7(now.getTime()), ports);
      return { arrived: true, error: null };
    } catch (thrown) {
      const { message, mend } = asOpsroomError(thrown);
      return { arrived: false, error: ports.mask(`${message} ${mend}`) };
    }
  },
});

function testMessage(name: string, at: Date, url: string): Message {
  const item = {
    title: `The rule "${name}" reaches you.`,
    path: '/settings',
    url: `${url}/settings`,
    at: at.toISOString(),
  };
  return { event: 'test', headline: 'A test of Opsroom', items: [item], more: 0 };
}

export const retryNotificationOperation = operation({
  name: 'notifications.retry',
  summary: 'Tell something again that could not be delivered.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({ notification: z.string().min(1).max(64) }),
  output: z.object({ notificationId: z.string() }),
  run: async ({ notification }, room) => {
    const found = await room.database.engineTx((tx) => retryNotification(tx, room.org, notification));
    if (found) return { notificationId: notification };
    throw new OpsroomError('NOT_FOUND', {
      what: 'No such notification has failed.',
      where: notification,
      mend: 'List what was told: `opsroom notify log`.',
    });
  },
});
