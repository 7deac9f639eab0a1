import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { CopyButton } from '../ui/copy.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { Refusal } from '../ui/refusal.js';
import { TextField } from '../ui/text-field.js';
import styles from './settings.module.css';
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
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: () => {
      const [follow = '', section] = file.trim().split('#');
      const plan = section === undefined ? { follow } : { follow, section };
      const only = filter.trim() === '' ? {} : { filter };
      return read(api.POST('/v1/webhooks', { body: { name, form, plan, inputs: mappingOf(mapping), ...only } }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['webhooks'] }),
  });
  if (make.data) return <ShownSecret {...make.data} onClose={onClose} />;
  const why = name === '' ? 'give it a name' : file === '' ? 'name what it starts' : undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      title="New webhook"
      about="You answer for its runs: they go with the rights that you have when an event comes."
      actions={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look="go" why={why} onClick={() => make.mutate()}>
            Make the webhook
          </Button>
        </>
      }
    >
      <div className={styles['stack']}>
        <TextField label="Name" maxLength={63} value={name} onText={setName} />
        <Field label="The sender signs as">
          {(ids) => (
            <select {...ids} value={form} onChange={(event) => setForm(event.target.value as Form)}>
              {FORMS.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          )}
        </Field>
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
        {make.error && <Refusal error={make.error} />}
      </div>
    </Dialog>
  );
}

interface SecretProps {
  name: string;
  url: string;
  secret: string;
  onClose: () => void;
}

export function ShownSecret({ name, url, secret, onClose }: SecretProps) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={`The webhook "${name}"`}
      about="Give both to the sender. The secret is shown this once."
      actions={
        <>
          <CopyButton text={url} what="the address" />
          <CopyButton text={secret} what="the secret" />
          <Button look="go" onClick={onClose}>
            I have them
          </Button>
        </>
      }
    >
      <div className={styles['stack']}>
        <code className={styles['secret']}>{url}</code>
        <code className={styles['secret']}>{secret}</code>
      </div>
    </Dialog>
  );
}
