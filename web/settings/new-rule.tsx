import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { FormDialog } from '../ui/form-dialog.js';
import { Segmented } from '../ui/segmented.js';
import { TextField } from '../ui/text-field.js';
import { bodyOf, EVENTS, emptyForm, lacking, type NoticeEvent, PLACES, type RuleForm } from './notification-form.js';
import styles from './settings.module.css';

interface FormProps {
  form: RuleForm;
  onChange: (change: Partial<RuleForm>) => void;
}

/** Asks where, what and when. Credentials are named, never typed here: the vault holds them. */
export function NewRule({ onClose }: { onClose: () => void }) {
  const [form, setForm] = useState(() => emptyForm(Intl.DateTimeFormat().resolvedOptions().timeZone));
  const client = useQueryClient();
  const change = (next: Partial<RuleForm>) => setForm((before) => ({ ...before, ...next }));
  return (
    <FormDialog
      title="New rule"
      about="It tells of what happens from now on."
      word="Make the rule"
      lacks={lacking(form)}
      act={async () => {
        await read(api.POST('/v1/notification-rules', { body: bodyOf(form) }));
        await client.invalidateQueries({ queryKey: ['notification-rules'] });
      }}
      onDone={onClose}
      onClose={onClose}
    >
      <TextField label="Name" maxLength={60} value={form.name} onText={(name) => change({ name })} />
      <Segmented label="To" options={PLACES} value={form.kind} onChange={(kind) => change({ kind })} />
      <Place form={form} onChange={change} />
      <Events chosen={form.events} onChange={(events) => change({ events })} />
      <When form={form} onChange={change} />
    </FormDialog>
  );
}

const SECRET_NOTE: Readonly<Record<RuleForm['kind'], string>> = {
  slack: 'Name of the secret that holds the incoming webhook’s URL, such as SLACK_WEBHOOK.',
  discord: 'Name of the secret that holds the webhook’s URL, such as DISCORD_WEBHOOK.',
  webhook: 'Name of the secret that signs each message, as Standard Webhooks say.',
  email: 'Name of the secret that holds the server: smtps://USER:PASSWORD@HOST:465.',
};

function Place({ form, onChange }: FormProps) {
  return (
    <>
      <TextField
        label="Secret"
        note={SECRET_NOTE[form.kind]}
        maxLength={100}
        autoComplete="off"
        value={form.secret}
        onText={(secret) => onChange({ secret })}
      />
      {form.kind === 'webhook' && (
        <TextField label="URL" inputMode="url" value={form.url} onText={(url) => onChange({ url })} />
      )}
      {form.kind === 'email' && (
        <>
          <TextField
            label="Recipients"
            note="Several are separated by commas."
            value={form.to}
            onText={(to) => onChange({ to })}
          />
          <TextField label="From" value={form.from} onText={(from) => onChange({ from })} />
        </>
      )}
      {(form.kind === 'webhook' || form.kind === 'email') && (
        <TextField
          label="Private addresses that it may lead to"
          note="Left empty: none. 10.0.0.7:25 or 10.0.0.0/8; several are separated by commas."
          autoComplete="off"
          value={form.allowed}
          onText={(allowed) => onChange({ allowed })}
        />
      )}
    </>
  );
}

interface EventsProps {
  chosen: readonly NoticeEvent[];
  onChange: (events: NoticeEvent[]) => void;
}

function Events({ chosen, onChange }: EventsProps) {
  const toggle = (event: NoticeEvent) =>
    onChange(chosen.includes(event) ? chosen.filter((one) => one !== event) : [...chosen, event]);
  return (
    <fieldset className={styles['scopes']}>
      <legend>When</legend>
      {EVENTS.map(([event, words]) => (
        <label key={event} className={styles['scope']}>
          <input type="checkbox" checked={chosen.includes(event)} onChange={() => toggle(event)} />
          <code>{event}</code>
          <span className="mut">{words}</span>
        </label>
      ))}
    </fieldset>
  );
}

function When({ form, onChange }: FormProps) {
  return (
    <>
      <TextField
        label="Only of environment"
        note="Left empty: of every one."
        maxLength={100}
        value={form.environment}
        onText={(environment) => onChange({ environment })}
      />
      <div className={styles['hours']}>
        <TextField
          label="Quiet from"
          type="time"
          value={form.quietFrom}
          onText={(quietFrom) => onChange({ quietFrom })}
        />
        <TextField label="Quiet until" type="time" value={form.quietTo} onText={(quietTo) => onChange({ quietTo })} />
        <TextField label="Time zone" maxLength={64} value={form.zone} onText={(zone) => onChange({ zone })} />
      </div>
    </>
  );
}
