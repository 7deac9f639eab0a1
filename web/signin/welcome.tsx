import { useMutation, useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { queries } from '../api/queries.js';
import { lookAtLink, openByLink, type Welcome } from '../api/sign-in.js';
import { Button } from '../ui/button.js';
import { Command } from '../ui/copy.js';
import { Refusal } from '../ui/refusal.js';
import { TextField } from '../ui/text-field.js';
import { Frame } from './frame.js';
import styles from './frame.module.css';

/** Behind the link that lets an owner in, once: one button, and everything else may wait. */
export function WelcomePage() {
  const hash = useLocation({ select: (location) => location.hash });
  const token = new URLSearchParams(hash).get('token') ?? '';
  const look = useQuery({
    queryKey: ['link', token],
    queryFn: () => lookAtLink(token),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (look.data) return <Arrival token={token} welcome={look.data} />;
  return (
    <Frame title="Welcome">
      {look.error ? (
        <>
          <Refusal error={look.error} />
          <Command text="npx opsroom owner-link" />
        </>
      ) : (
        <p className="mut">Looking at the link …</p>
      )}
    </Frame>
  );
}

function Arrival({ token, welcome }: { token: string; welcome: Welcome }) {
  const [name, setName] = useState(welcome.name);
  const [email, setEmail] = useState(welcome.email?.includes('.') ? welcome.email : '');
  const [password, setPassword] = useState('');
  const navigate = useNavigate();
  const given = {
    ...(name.trim() === '' ? {} : { name }),
    ...(email.trim() === '' ? {} : { email }),
    ...(password === '' ? {} : { password }),
  };
  const enter = useMutation({
    mutationFn: () => openByLink(token, given),
    onSuccess: () => {
      queries.clear();
      void navigate({ to: '/', replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  const { first } = welcome;
  return (
    <Frame title={first ? 'This room is yours' : `Welcome back, ${welcome.name}`}>
      <p className="mut">
        {first
          ? 'It has no owner yet. Go in, and this browser is signed in as its owner. The link works this once.'
          : 'Go in, and this browser is signed in. The link works this once.'}
      </p>
      <form className={styles['form']} onSubmit={submit}>
        <TextField
          label="Your name"
          note="Runs and the audit log say who did what."
          autoComplete="name"
          required
          maxLength={200}
          value={name}
          onText={setName}
        />
        <Later first={first} email={email} setEmail={setEmail} password={password} setPassword={setPassword} />
        {enter.error && <Refusal error={enter.error} />}
        <Button type="submit" look="go" why={enter.isPending ? 'Going in …' : undefined}>
          Go in
        </Button>
      </form>
    </Frame>
  );
}

interface LaterProps {
  first: boolean;
  email: string;
  setEmail: (text: string) => void;
  password: string;
  setPassword: (text: string) => void;
}

/** What is needed only to sign in elsewhere. */
function Later({ first, email, setEmail, password, setPassword }: LaterProps) {
  return (
    <details className={styles['more']}>
      <summary>{first ? 'Set e-mail and password now' : 'Set a new password'}</summary>
      <div>
        <p className="mut">To sign in from another browser. It can be done later, in Settings.</p>
        <TextField
          label="E-mail"
          type="email"
          autoComplete="username"
          required={password !== ''}
          value={email}
          onText={setEmail}
        />
        <TextField
          label="Password"
          note="At least 12 characters. A few words are easy to keep."
          type="password"
          autoComplete="new-password"
          minLength={12}
          maxLength={200}
          value={password}
          onText={setPassword}
        />
      </div>
    </details>
  );
}
