import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { makeSecret } from '#kit/standard-webhooks.js';
import { requireMapping } from '#trigger/mapping.js';
import { insertWebhook, type NewWebhook } from '#trigger/webhook-store.js';
import { operation } from '../operation.js';
import { jobInput, makeJob, planWords } from '../triggers/job.js';
import { makerOf } from '../triggers/maker.js';
import { note } from '../triggers/note.js';
import { givenSecret, hookInput, webhookName } from './form.js';
import { giveSecret, requireStrong } from './secret.js';
import { shownWebhook, withSecret } from './view.js';
import { readWebhook, requireNames } from './write.js';

const SECRET_BYTES = 32;
export const newSecret = (given: string | undefined): string =>
  given === undefined ? makeSecret(randomBytes(SECRET_BYTES)) : requireStrong(given);

export const createWebhook = operation({
  name: 'webhooks.create',
  summary:
    'Make an address to which a sender posts signed events that start a plan. The answer is the only place where its secret is shown.',
  permission: 'trigger:manage',
  changes: true,
  consequential: true,
  secretInput: true,
  input: z.strictObject({ name: webhookName, secret: givenSecret, ...hookInput }),
  output: withSecret,
  run: async ({ name, secret: given, form, inputs, filter, plan: wanted, lane, session, folder }, room) => {
    requireMapping({ inputs, filter });
    const maker = makerOf(room, 'webhooks.create');
    const { job, plan } = await makeJob(room, { plan: wanted, lane, session, folder });
    requireNames(plan, inputs);
    const secret = newSecret(given);
    const hook: NewWebhook = { org: room.org, id: randomUUID(), name, form, inputs, filter, ...job, ...maker };
    await room.database.engineTx(async (tx) => {
      if (!(await insertWebhook(tx, hook))) refuseName(name);
      await giveSecret(tx, room, hook, secret, 0);
      await note(tx, room, 'webhook.created', { webhook: hook.id, name, form, plan: planWords(job.plan) });
    });
    return { ...shownWebhook(room, await readWebhook(room, hook.id), undefined), secret };
  },
});

function refuseName(name: string): never {
  const mend = 'Choose another name, or change that one: `opsroom webhooks change`.';
  throw new OpsroomError('USAGE', { what: `There is a webhook "${name}" already.`, mend });
}

/** What is left out stays as it is. */
export const hookChanges = z
  .strictObject({
    form: hookInput.form.unwrap(),
    inputs: hookInput.inputs.unwrap(),
    filter: hookInput.filter.unwrap(),
    plan: jobInput.plan,
    lane: jobInput.lane.unwrap(),
    session: jobInput.session.unwrap(),
    folder: jobInput.folder.unwrap(),
  })
  .partial();
