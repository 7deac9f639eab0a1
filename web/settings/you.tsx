import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

import type { Me } from '../api/me.js';
import { changeProfile, type Profile } from '../api/sign-in.js';
import { Button } from '../ui/button.js';
import { Refusal } from '../ui/refusal.js';
import { TextField } from '../ui/text-field.js';
import { toast } from '../ui/toast.js';
import { Part } from './part.js';
import styles from './settings.module.css';

/** Name, e-mail and password; of a program, what it is. */
export function You({ me }: { me: Me }) {
  const { person, by, permissions, version, host } = me;
  return (
    <Part
      title="You"
      about={person ? 'Runs and the audit log say who did what.' : 'Nobody is signed in here: a key is.'}
    >
      <dl className={styles['facts']}>
        <dt>Known as</dt>
        <dd>
          <code>{by}</code>
        </dd>
        <dt>{person ? 'Role' : 'May'}</dt>
        <dd>{person ? `${person.role}: ${permissions.join(', ')}` : permissions.join(', ')}</dd>
        <dt>Room</dt>
        <dd>
          Opsroom {version} on {host}
        </dd>
      </dl>
      {person && <ProfileForm key={`${person.email} ${person.hasPassword}`} person={person} />}
    </Part>
  );
}

function ProfileForm({ person }: { person: NonNullable<Me['person']> }) {
  const [name, setName] = useState(person.name);
  const [email, setEmail] = useState(person.email ?? '');
  const [password, setPassword] = useState('');
  const [current, setCurrent] = useState('');
  const client = useQueryClient();
  const change = { ...changed(person, { name, email, password }), ...(current === '' ? {} : { current }) };
  const save = useMutation({
    mutationFn: () => changeProfile(change),
    onSuccess: () => {
      setPassword('');
      setCurrent('');
      toast(password === '' ? 'Saved.' : 'Saved. Every other place where you were signed in is signed out.');
      return client.invalidateQueries({ queryKey: ['me'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const nothing = Object.keys(changed(person, { name, email, password })).length === 0;
  const sensitive = person.hasPassword && (password !== '' || email !== (person.email ?? ''));
  return (
    <form className={styles['form']} onSubmit={submit}>
      <TextField label="Name" autoComplete="name" required maxLength={200} value={name} onText={setName} />
      <TextField
        label="E-mail"
        note={person.email === null ? 'Needed to sign in with a password.' : undefined}
        type="email"
        autoComplete="username"
        required={password !== ''}
        value={email}
        onText={setEmail}
      />
      <TextField
        label={person.hasPassword ? 'New password' : 'Password'}
        note={`At least 12 characters. ${person.hasPassword ? 'It signs you out everywhere else.' : 'Without one you come in by a link or a provider only.'}`}
        type="password"
        autoComplete="new-password"
        minLength={12}
        maxLength={200}
        value={password}
        onText={setPassword}
      />
      {sensitive && (
        <TextField
          label="Current password"
          type="password"
          autoComplete="current-password"
          required
          value={current}
          onText={setCurrent}
        />
      )}
      {save.error && <Refusal error={save.error} />}
      <div>
        <Button type="submit" why={nothing ? 'Nothing has changed.' : undefined}>
          Save
        </Button>
      </div>
    </form>
  );
}

/** Only what differs is sent: an e-mail that was left alone asks for no password. */
function changed(person: NonNullable<Me['person']>, { name, email, password }: Required<Profile>): Profile {
  return {
    ...(name.trim() === person.name ? {} : { name }),
    ...(email.trim() === (person.email ?? '') || email.trim() === '' ? {} : { email }),
    ...(password === '' ? {} : { password }),
  };
}
