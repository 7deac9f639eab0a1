import { useMutation, useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { queries } from '../api/queries.js';
import { acceptInvitation, type Invited, lookAtInvitation } from '../api/sign-in.js';
import { Button } from '../ui/button.js';
import { Refusal } from '../ui/refusal.js';
import { TextField } from '../ui/text-field.js';
import { Frame } from './frame.js';
import styles from './frame.module.css';

/** Behind an invitation: whoever is signed in accepts it as they are, anybody else gives name and password. */
export function JoinPage() {
  const hash = useLocation({ select: (location) => location.hash });
  const token = new URLSearchParams(hash).get('token') ?? '';
  const look = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => lookAtInvitation(token),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (look.data) return <Accept token={token} invited={look.data} />;
  return (
    <Frame title="Invitation">
      {look.error ? <Refusal error={look.error} /> : <p className="mut">Looking at the link …</p>}
    </Frame>
  );
}

function Accept({ token, invited }: { token: string; invited: Invited }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState(invited.email ?? '');
  const [password, setPassword] = useState('');
  const navigate = useNavigate();
  const { you, organisation, role, invitedBy } = invited;
  const accept = useMutation({
    mutationFn: () => acceptInvitation(token, you ? {} : { name, email, password }),
    onSuccess: () => {
      queries.clear();
      void navigate({ to: '/', replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    accept.mutate();
  };
  return (
    <Frame title={`Join ${organisation}`}>
      <p className="mut">
        {invitedBy} invites {invited.email ?? 'you'} as {role}. The link works this once.
      </p>
      <form className={styles['form']} onSubmit={submit}>
        {you ? (
          <p>
            You are signed in as {you.name} <span className="mut">{you.email}</span>.
          </p>
        ) : (
          <>
            <TextField label="Your name" autoComplete="name" required maxLength={200} value={name} onText={setName} />
            <TextField
              label="E-mail"
              type="email"
              autoComplete="username"
              required
              readOnly={invited.email !== null}
              value={email}
              onText={setEmail}
            />
            <TextField
              label="Password"
              note="At least 12 characters. A few words are easy to keep."
              type="password"
              autoComplete="new-password"
              required
              minLength={12}
              maxLength={200}
              value={password}
              onText={setPassword}
            />
          </>
        )}
        {accept.error && <Refusal error={accept.error} />}
        <Button type="submit" look="go" why={accept.isPending ? 'Going in …' : undefined}>
          Join
        </Button>
      </form>
    </Frame>
  );
}
