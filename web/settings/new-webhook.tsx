import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { Choice } from '../ui/choice.js';
import { Field } from '../ui/field.js';
import { FormDialog } from '../ui/form-dialog.js';
import { ShownOnce } from '../ui/shown-once.js';
import { TextField } from '../ui/text-field.js';
import { planOf, triggerLacks } from './trigger-form.js';
import { mappingOf } from './webhook-mapping.js';

const FORMS = [
  ['github', 'GitHub'],
  ['standard', 'Standard Webhooks'],
] as const;
type Form = (typeof FORMS)[number][0];

/** Asks what an event starts, and shows address and secret, this once. */
export function NewWebhook({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [form, setForm] = useState<Form>('github');
  const [file, setFile] = useState('');
  const [filter, setFilter] = useState('');
  const [mapping, setMapping] = useState('');
  const [made, setMade] = useState<MadeWebhook>();
  const client = useQueryClient();
  const make = () => {
    const only = filter.trim() === '' ? {} : { filter };
    const body = { name, form, plan: planOf(file), inputs: mappingOf(mapping), ...only };
    return read(api.POST('/v1/webhooks', { body }));
  };
  if (made) return <ShownSecret {...made} onClose={onClose} />;
  return (
    <FormDialog
      title="New webhook"
      about="You answer for its runs: they go with the rights that you have when an event comes."
      word="Make the webhook"
      lacks={triggerLacks({ name, file })}
      act={make}
      onDone={(webhook) => {
        setMade(webhook);
        void client.invalidateQueries({ queryKey: ['webhooks'] });
      }}
      onClose={onClose}
    >
      <TextField label="Name" maxLength={63} value={name} onText={setName} />
      <Choice label="The sender signs as" of={FORMS} value={form} onChange={setForm} />
      <TextField
        label="Plan or runbook"
        note="Below the project folder, such as ops/deploy.yaml."
        maxLength={300}
        value={file}
        onText={setFile}
      />
      <Field label="Inputs" note="One a line: ref = payload.after">
        {(ids) => <textarea {...ids} rows={3} value={mapping} onChange={(event) => setMapping(event.target.value)} />}
      </Field>
      <TextField
        label="Only when"
        note='event == "push" && payload.ref == "refs/heads/main"; empty: always.'
        maxLength={4000}
        value={filter}
        onText={setFilter}
      />
    </FormDialog>
  );
}

interface MadeWebhook {
  name: string;
  url: string;
  secret: string;
}

export function ShownSecret({ name, url, secret, onClose }: MadeWebhook & { onClose: () => void }) {
  return (
    <ShownOnce
      title={`The webhook "${name}"`}
      about="Give both to the sender. The secret is shown this once."
      texts={[
        { text: url, what: 'the address' },
        { text: secret, what: 'the secret' },
      ]}
      onClose={onClose}
    />
  );
}
