import { Argument, Option } from 'commander';
import { OpsroomError } from '#kit/errors.js';
import { invoke, validated } from '#operations/invoke.js';
import {
  createNotificationRule,
  listNotificationRules,
  removeNotificationRule,
  updateNotificationRule,
} from '#operations/notifications/rules.js';
import {
  listNotificationsOperation,
  retryNotificationOperation,
  testNotificationRule,
} from '#operations/notifications/told.js';
import type { RuleView } from '#operations/notifications/view.js';
import type { Room } from '#operations/room.js';
import type { CommandModule } from '../command.js';
import { oneLine, table, time } from '../format.js';
import { zeroOrMore } from '../numbers.js';
import type { Output } from '../output.js';
import { roomFor } from '../session.js';

interface Options {
  readonly to?: string;
  readonly event?: string;
  readonly secret?: string;
  readonly url?: string;
  readonly allowAddress?: readonly string[];
  readonly email?: string;
  readonly from?: string;
  readonly environment?: string;
  readonly app?: string;
  readonly lane?: string;
  readonly quiet?: string;
  readonly groupMinutes?: number;
}

const WHAT = ['list', 'add', 'pause', 'resume', 'remove', 'test', 'log', 'retry'] as const;

export const command: CommandModule = {
  register(command) {
    command
      .addArgument(new Argument('[what]', 'what to do').choices(WHAT).default('list'))
      .argument('[rule]', 'the rule, by its name; of retry: the id of the notification')
      .addOption(new Option('--to <kind>', 'of add: where').choices(['slack', 'discord', 'webhook', 'email']))
      .option(
        '--event <events>',
        'of add: such as run.failed,approval.waits,run.waits,run.succeeded,worker.lost,room.degraded',
      )
      .option('--secret <name>', 'of add: the secret that holds the webhook’s URL, the signing key or the mail server')
      .option('--url <url>', 'of add --to webhook: where it is posted')
      .option('--allow-address <cidr...>', 'of add --to webhook or email: a private address that it may lead to')
      .option('--email <addresses>', 'of add --to email: to whom, separated by commas')
      .option('--from <address>', 'of add --to email: from whom')
      .option('--environment <name>', 'of add: only of this environment')
      .option('--app <name>', 'of add: only of this app')
      .option('--lane <lane>', 'of add: only of this lane')
      .option('--quiet <hours>', 'of add: held back, such as "22:00-07:00 Europe/Berlin"')
      .option('--group-minutes <n>', 'of add: what happens again within so long is told together', zeroOrMore);
  },
  examples: [
    'notify add team --to slack --secret SLACK_WEBHOOK --event run.failed,approval.waits --environment production',
    'notify add me --to email --secret SMTP --email ada@example.com --from room@example.com --event run.failed',
    'notify test team',
    'notify log',
  ],
  run: ({ args: [what = 'list', which], command, output }) => {
    const name = what === 'list' || what === 'log' ? '' : required(which, what);
    const rule = what === 'add' ? ruleOf(name, command.opts<Options>()) : undefined;
    return roomFor(rule !== undefined)(async ({ room }) => {
      if (what === 'list') await list(room, output);
      else if (what === 'log') await log(room, output);
      else if (what === 'test') await test(name, room, output);
      else if (what === 'retry') await retry(name, room, output);
      else
        tell(what, rule ? await invoke(createNotificationRule, rule, room) : await changed(what, name, room), output);
      return 0;
    });
  },
};

function required(which: string | undefined, what: string): string {
  if (which !== undefined) return which;
  throw new OpsroomError('USAGE', { what: 'Which one?', mend: `Name it: opsroom notify ${what} NAME` });
}

async function retry(notification: string, room: Room, output: Output): Promise<void> {
  output.result(await invoke(retryNotificationOperation, { notification }, room));
  output.print('It is told again.');
}

function tell(what: string, rule: RuleView, output: Output): void {
  output.print(`The rule "${oneLine(rule.name)}" ${DONE[what] ?? 'is changed'}.`);
  output.result(rule);
}

const DONE: Readonly<Record<string, string>> = {
  add: 'tells of what happens from now on; try it: opsroom notify test',
  pause: 'is paused',
  resume: 'tells again',
  remove: 'is removed',
};

async function changed(what: string, which: string, room: Room): Promise<RuleView> {
  if (what === 'remove') return invoke(removeNotificationRule, { rule: which }, room);
  return invoke(updateNotificationRule, { rule: which, paused: what === 'pause' }, room);
}

/** What the options say. @throws OpsroomError USAGE */
function ruleOf(name: string, options: Options) {
  const { event = 'run.failed', environment, app, lane, quiet, groupMinutes } = options;
  return validated(createNotificationRule.input, {
    name,
    place: placeOf(options),
    events: event.split(',').map((part) => part.trim()),
    only: { environment, app, lane },
    quiet: quiet === undefined ? null : quietOf(quiet),
    ...(groupMinutes === undefined ? {} : { groupMinutes }),
  });
}

function placeOf({ to, secret, url, allowAddress, email, from }: Options): object {
  if (to === undefined || secret === undefined) {
    throw new OpsroomError('USAGE', {
      what: 'A rule needs a place and the secret that opens it.',
      mend: 'Add --to slack --secret SLACK_WEBHOOK, and set the secret: opsroom secrets set SLACK_WEBHOOK.',
    });
  }
  const allowAddresses = allowAddress ?? [];
  if (to === 'email') return { kind: to, smtpSecret: secret, to: listOf(email), from, allowAddresses };
  if (to === 'webhook') return { kind: to, signingSecret: secret, url, allowAddresses };
  return { kind: to, urlSecret: secret };
}

const listOf = (text = ''): string[] => (text === '' ? [] : text.split(',').map((part) => part.trim()));

function quietOf(text: string): object {
  const [, from, to, zone] = /^(\S+?)-(\S+)\s+(\S+)$/.exec(text.trim()) ?? [];
  if (zone !== undefined) return { from, to, zone };
  throw new OpsroomError('USAGE', {
    what: '--quiet is not understood.',
    mend: 'Write it as "22:00-07:00 Europe/Berlin".',
  });
}

async function test(rule: string, room: Room, output: Output): Promise<void> {
  const { arrived, error } = await invoke(testNotificationRule, { rule }, room);
  if (!arrived)
    throw new OpsroomError('STEP_FAILED', { what: error ?? 'It did not arrive.', mend: 'Then test again.' });
  output.print('The test message was taken.');
  output.result({ arrived });
}

async function list(room: Room, output: Output): Promise<void> {
  const found = await invoke(listNotificationRules, {}, room);
  const rows = found.rules.map(({ name, place, events, paused }) => [
    oneLine(name),
    placeText(place),
    events.join(', '),
    paused ? 'paused' : 'on',
  ]);
  if (rows.length === 0) output.print('Nobody is told anything yet; make a rule: opsroom notify add --help');
  else output.print(table([['rule', 'to', 'tells', ''].map((cell) => output.colours.dim(cell)), ...rows]));
  output.result(found);
}

function placeText(place: RuleView['place']): string {
  if (place.kind === 'email') return `e-mail ${place.to.join(', ')}`;
  return place.kind === 'webhook' ? oneLine(place.url) : `${place.kind} (${place.urlSecret})`;
}

async function log(room: Room, output: Output): Promise<void> {
  const found = await invoke(listNotificationsOperation, {}, room);
  const rows = found.notifications.map((one) => [
    time(one.createdAt),
    one.status === 'pending' ? `due ${time(one.dueAt)}` : one.status,
    oneLine(one.rule),
    one.event,
    oneLine(one.title),
    one.error === null ? '' : `${oneLine(one.error)} (${one.notificationId})`,
  ]);
  output.print(rows.length === 0 ? 'Nothing has been told yet.' : table(rows));
  output.result(found);
}
