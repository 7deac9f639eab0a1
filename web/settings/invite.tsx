import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { CopyButton } from '../ui/copy.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { Refusal } from '../ui/refusal.js';
import { TextField } from '../ui/text-field.js';
import { ROLES, type Role } from './member-words.js';
import styles from './settings.module.css';

/** Asks for whom and as what; then shows the link, this once. */
export function Invite({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: () => {
      const whom = email.trim() === '' ? {} : { email: email.trim() };
      return read(api.POST('/v1/invitations', { body: { ...whom, role } }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['invitations'] }),
  });
  if (make.data) return <Made url={make.data.url} email={make.data.email} onClose={onClose} />;
  return (
    <Dialog
      open
      onClose={onClose}
      title="Invite somebody"
      about="You get a link to send them; the room sends nothing. It works once, within seven days."
      actions={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look="go" onClick={() => make.mutate()}>
            Make the link
          </Button>
        </>
      }
    >
      <div className={styles['stack']}>
        <TextField
          label="E-mail"
          note="The link is for them alone, and they may come by a provider instead. Left empty: for whoever has it."
          type="email"
          value={email}
          onText={setEmail}
        />
        <Field label="Role" note={ROLES.find(([one]) => one === role)?.[1]}>
          {(ids) => (
            <select {...ids} value={role} onChange={(event) => setRole(event.target.value as Role)}>
              {ROLES.map(([value]) => (
                <option key={value} value={value}>
                  {value}
                </option>
              ))}
            </select>
          )}
        </Field>
        {make.error && <Refusal error={make.error} />}
      </div>
    </Dialog>
  );
}

function Made({ url, email, onClose }: { url: string; email: string | null; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={`The link for ${email ?? 'whoever opens it'}`}
      about="Copy it now: this is the only time that it is shown."
      actions={
        <>
          <CopyButton text={url} what="the link" />
          <Button look="go" onClick={onClose}>
            I have it
          </Button>
        </>
      }
    >
      <code className={styles['secret']}>{url}</code>
    </Dialog>
  );
}
