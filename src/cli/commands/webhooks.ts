import { Argument, Option } from 'commander';
import { OpsroomError } from '#kit/errors.js';
import { invoke } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import {
  pauseWebhookOperation,
  removeWebhook,
  resumeWebhookOperation,
  rotateWebhookSecret,
} from '#operations/webhooks/control.js';
import { createWebhook } from '#operations/webhooks/create.js';
import { getDelivery, getWebhook, listDeliveriesOperation, listWebhooksOperation } from '#operations/webhooks/read.js';
import { redeliver } from '#operations/webhooks/redeliver.js';
import { updateWebhookOperation } from '#operations/webhooks/update.js';
import type { CommandModule } from '../command.js';
import { oneLine, table, time } from '../format.js';
import { zeroOrMore } from '../numbers.js';
import type { Output } from '../output.js';
import { roomFor } from '../session.js';
import { collect, required, type TriggerPlanOptions, triggerPlanOf } from '../trigger-plan.js';

interface Options extends TriggerPlanOptions {
  readonly form?: string;
  readonly map?: string[];
  readonly filter?: string;
  readonly lane?: string;
  readonly session?: string;
  readonly keep?: number;
}

const VERBS = [
  'list',
  'add',
  'change',
  'show',
  'deliveries',
  'delivery',
  'redeliver',
  'rotate-secret',
  'pause',
  'resume',
  'remove',
];

/** `opsroom webhooks`: JSON is what the operation answers. */
export const command: CommandModule = {
  register(command) {
    command
      .addArgument(new Argument('[what]', 'what to do').choices(VERBS).default('list'))
      .argument('[name]', 'of all but list: the webhook')
      .argument('[delivery]', 'of delivery and redeliver: its id')
      .addOption(new Option('--form <form>', 'how the sender signs').choices(['github', 'standard']))
      .option(
        '--plan <file>',
        'a plan or runbook (FILE.md#section), or a digest; below the project folder it is followed',
      )
      .option('--pin', 'always the plan as it is now, whatever becomes of the file')
      .option('--map <input=expression>', 'an input as a CEL expression over the event; several times', collect)
      .option('--filter <expression>', 'only events for which this CEL expression is true')
      .option('--lane <lane>', 'A, B, C or D')
      .option('--session <name>', 'the session of its runs')
      .option('--keep <seconds>', 'of rotate-secret: for how long the secret before stays good', zeroOrMore);
  },
  examples: [
    `webhooks add shop-push --form github --plan ops/deploy.yaml --map ref=payload.after --filter 'event == "push"'`,
    'webhooks deliveries shop-push',
    'webhooks redeliver shop-push 019ab3c0-4b72-7d10-9e0c-5a1b7c3d9f24',
    'webhooks rotate-secret shop-push --keep 3600',
  ],
  run: ({ args: [what = 'list', name, delivery], command, output }) => {
    const options = command.opts<Options>();
    const webhook =
      what === 'list' ? '' : required(name, 'The name of the webhook', `Name it: opsroom webhooks ${what} NAME`);
    if (what === 'add') required(options.plan, 'What it starts', 'Add --plan ops/deploy.yaml.');
    return roomFor(what === 'add')(async ({ room }) => {
      await act(room, { what, webhook, delivery }, options, output);
      return 0;
    });
  },
};

interface Asked {
  readonly what: string;
  readonly webhook: string;
  readonly delivery: string | undefined;
}

async function act(room: Room, { what, webhook, delivery }: Asked, options: Options, output: Output): Promise<void> {
  if (what === 'list') return list(room, output);
  if (what === 'add') return add(room, webhook, options, output);
  if (what === 'change') return change(room, webhook, options, output);
  if (what === 'show') return show(room, webhook, output);
  if (what === 'deliveries') return deliveries(room, webhook, output);
  if (what === 'rotate-secret') return rotate(room, webhook, options, output);
  if (what !== 'delivery' && what !== 'redeliver') return control(room, what, webhook, output);
  const id = required(delivery, 'The delivery', `Name it by its id: opsroom webhooks ${what} ${webhook} ID`);
  return what === 'delivery' ? showDelivery(room, webhook, id, output) : again(room, webhook, id, output);
}

async function partsOf(room: Room, options: Options) {
  const { form, filter, lane, session, map } = options;
  const inputs = map && Object.fromEntries(map.map(splitMap));
  const all = { form, filter, lane, session, inputs, plan: await triggerPlanOf(room, options) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function splitMap(pair: string): [string, string] {
  const at = pair.indexOf('=');
  if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
  throw new OpsroomError('USAGE', { what: `--map takes INPUT=EXPRESSION, not "${pair.slice(0, 100)}".` });
}

async function add(room: Room, name: string, options: Options, output: Output): Promise<void> {
  const made = await invoke(createWebhook, { name, ...(await partsOf(room, options)) }, room);
  output.print(`address: ${made.url}\nsecret:  ${made.secret}\n`);
  output.note('This is the only time the secret is shown. Give both to the sender.');
  output.result(made);
}

async function change(room: Room, webhook: string, options: Options, output: Output): Promise<void> {
  const changed = await invoke(updateWebhookOperation, { webhook, ...(await partsOf(room, options)) }, room);
  output.print(`The webhook "${changed.name}" is changed.`);
  output.result(changed);
}

async function rotate(room: Room, webhook: string, { keep }: Options, output: Output): Promise<void> {
  const asked = { webhook, ...(keep === undefined ? {} : { keepS: keep }) };
  const rotated = await invoke(rotateWebhookSecret, asked, room);
  output.print(`secret:  ${rotated.secret}\n`);
  output.note('This is the only time the secret is shown. The one before stays good for a while.');
  output.result(rotated);
}

async function show(room: Room, webhook: string, output: Output): Promise<void> {
  const found = await invoke(getWebhook, { webhook }, room);
  output.print(
    `${found.name}: ${oneLine(found.title)}${found.paused ? ', paused' : ''}\naddress: ${found.url} (${found.form})`,
  );
  output.print(`filter:  ${oneLine(found.filter ?? 'none')}`);
  for (const [input, expression] of Object.entries(found.inputs)) output.print(`  ${input} = ${oneLine(expression)}`);
  for (const { n, createdBy, expiresAt } of found.secrets)
    output.print(`secret ${n}, of ${createdBy}${expiresAt === null ? '' : `, good until ${time(expiresAt)}`}`);
  output.result(found);
}

async function deliveries(room: Room, webhook: string, output: Output): Promise<void> {
  const found = await invoke(listDeliveriesOperation, { webhook }, room);
  const head = ['id', 'came', 'event', 'what became of it', 'run or intent', 'why'].map((cell) =>
    output.colours.dim(cell),
  );
  const rows = found.deliveries.map(({ deliveryId, receivedAt, event, state, runId, intentId, reason }) => [
    deliveryId,
    time(receivedAt),
    oneLine(event),
    state,
    (runId ?? intentId ?? '').slice(-8),
    oneLine(reason ?? ''),
  ]);
  output.print(rows.length === 0 ? 'Nothing with a signature that holds has come yet.' : table([head, ...rows]));
  output.result(found);
}

async function showDelivery(room: Room, webhook: string, delivery: string, output: Output): Promise<void> {
  const found = await invoke(getDelivery, { webhook, delivery }, room);
  for (const [name, value] of Object.entries(found.headers)) output.print(`${name}: ${oneLine(value)}`);
  output.print(`\n${oneLine(found.body)}`);
  output.result(found);
}

async function again(room: Room, webhook: string, delivery: string, output: Output): Promise<void> {
  const done = await invoke(redeliver, { webhook, delivery }, room);
  output.print(
    `It is ${done.state}${done.runId === null ? '' : `: run ${done.runId}`}${done.reason === null ? '' : `: ${oneLine(done.reason)}`}`,
  );
  output.result(done);
}

async function control(room: Room, what: string, webhook: string, output: Output): Promise<void> {
  const operation =
    what === 'pause' ? pauseWebhookOperation : what === 'resume' ? resumeWebhookOperation : removeWebhook;
  const changed = await invoke(operation, { webhook }, room);
  const words = { pause: 'is paused', resume: 'starts runs again', remove: 'is removed; its runs stay' };
  output.print(`The webhook "${changed.name}" ${words[what as keyof typeof words]}.`);
  output.result(changed);
}

async function list(room: Room, output: Output): Promise<void> {
  const found = await invoke(listWebhooksOperation, {}, room);
  const head = ['webhook', 'starts', 'signed as', 'address', 'last'].map((cell) => output.colours.dim(cell));
  const rows = found.webhooks.map(({ name, title, form, url, paused, last }) => [
    name,
    oneLine(title),
    form,
    url,
    paused ? 'paused' : (last?.state ?? ''),
  ]);
  output.print(rows.length === 0 ? 'No webhooks.' : table([head, ...rows]));
  output.result(found);
}
