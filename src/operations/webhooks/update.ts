import { requireMapping } from '#trigger/mapping.js';
import { updateWebhook } from '#trigger/webhook-store.js';
import { operation } from '../operation.js';
import { changedJob, planWords } from '../triggers/job.js';
import { makerOf } from '../triggers/maker.js';
import { requireUnchanged } from '../triggers/unchanged.js';
import { hookChanges } from './create.js';
import { webhookReference } from './form.js';
import { shownWebhook, webhookView } from './view.js';
import { changeWebhook, readWebhook, requireNames } from './write.js';

export const updateWebhookOperation = operation({
  name: 'webhooks.update',
  summary:
    'Change what a webhook starts, its mapping or its filter; what is left out stays. Whoever changes it answers for its runs from then on.',
  permission: 'trigger:manage',
  changes: true,
  consequential: true,
  input: hookChanges.extend({ webhook: webhookReference }),
  output: webhookView,
  run: async ({ webhook, ...given }, room) => {
    const before = await readWebhook(room, webhook);
    const { form = before.form, inputs = before.inputs, filter = before.filter } = given;
    requireMapping({ inputs, filter });
    const { job, plan } = await changedJob(room, before, given);
    if (plan) requireNames(plan, inputs);
    const after = { ...before, form, inputs, filter, ...job, ...makerOf(room, 'webhooks.update') };
    const changed = await changeWebhook(room, before.id, 'webhook.changed', async (tx, locked) => {
      requireUnchanged(before, locked);
      await updateWebhook(tx, after);
      return { form, filter, plan: planWords(after.plan) };
    });
    return shownWebhook(room, changed, undefined);
  },
});
