import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { Choice } from '../ui/choice.js';
import { FormDialog } from '../ui/form-dialog.js';
import { ShownOnce } from '../ui/shown-once.js';
import { TextField } from '../ui/text-field.js';
import { ROLES, type Role } from './member-words.js';

/** Asks for whom and as what; then shows the link, this once. */
export function Invite({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const [made, setMade] = useState<{ url: string; email: string | null }>();
  const client = useQueryClient();
  const make = () => {
    const whom = email.trim() === '' ? {} : { email: email.trim() };
    return read(api.POST('/v1/invitations', { body: { ...whom, role } }));
  };
  if (made)
    return (
      <ShownOnce
        title={`The link for ${made.email ?? 'whoever opens it'}`}
        about="Copy it now: this is the only time that it is shown."
        texts={[{ text: made.url, what: 'the link' }]}
        onClose={onClose}
      />
    );
  return (
    <FormDialog
      title="Invite somebody"
      about="You get a link to send them; the room sends nothing. It works once, within seven days."
      word="Make the link"
      act={make}
      onDone={(invitation) => {
        setMade(invitation);
        void client.invalidateQueries({ queryKey: ['invitations'] });
      }}
      onClose={onClose}
    >
      <TextField
        label="E-mail"
        note="The link is for them alone, and they may come by a provider instead. Left empty: for whoever has it."
        type="email"
        value={email}
        onText={setEmail}
      />
      <Choice
        label="Role"
        note={ROLES.find(([one]) => one === role)?.[1]}
        of={ROLES.map(([one]) => [one, one] as const)}
        value={role}
        onChange={setRole}
      />
    </FormDialog>
  );
}
