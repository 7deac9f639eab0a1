import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { Problem } from '../api/problem.js';
import { queries } from '../api/queries.js';
import { leaveForProvider, type SignInState, signIn, signInState } from '../api/sign-in.js';
import { Button } from '../ui/button.js';
import { Command } from '../ui/copy.js';
import { Refusal } from '../ui/refusal.js';
import { TextField } from '../ui/text-field.js';
import { Frame } from './frame.js';
import styles from './frame.module.css';
import { placeAfter, reasonOf } from './words.js';

/** Where people come in who are known here. */
export function SignInPage() {
  const search: Readonly<Record<string, string | undefined>> = useSearch({ strict: false });
  const place = placeAfter(search['next']);
  const navigate = useNavigate();
  const state = useQuery({ queryKey: ['sign-in'], queryFn: signInState });
  const signedIn = state.data?.signedIn === true;
  useEffect(() => {
    if (signedIn) void navigate({ href: place, replace: true });
  }, [signedIn, place, navigate]);
  return (
    <Frame title="Sign in">
      {search['error'] && <Provided code={search['error']} />}
      {state.error && <Refusal error={state.error} />}
      {state.data?.owner === false && <NoOwner />}
      {state.data && (state.data.owner || state.data.providers.length > 0) && <Ways state={state.data} place={place} />}
    </Frame>
  );
}

function Ways({ state: { owner, providers }, place }: { state: SignInState; place: string }) {
  const leave = useMutation({ mutationFn: (id: string) => leaveForProvider(id, place) });
  return (
    <>
      {owner && <PasswordForm place={place} />}
      {owner && providers.length > 0 && <p className={styles['or']}>or</p>}
      {providers.length > 0 && (
        <div className={styles['providers']}>
          {providers.map(({ id, name }) => (
            <Button key={id} onClick={() => leave.mutate(id)}>
              Sign in with {name}
            </Button>
          ))}
        </div>
      )}
      {leave.error && <Refusal error={leave.error} />}
      {owner && <LockedOut />}
    </>
  );
}

function PasswordForm({ place }: { place: string }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const navigate = useNavigate();
  const enter = useMutation({
    mutationFn: () => signIn(email, password),
    onSuccess: () => {
      queries.clear(); // what was read before was read by nobody, or by somebody else
      void navigate({ href: place, replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  return (
    <form className={styles['form']} onSubmit={submit}>
      <TextField label="E-mail" type="email" autoComplete="username" required value={email} onText={setEmail} />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onText={setPassword}
      />
      {enter.error && <Refusal error={enter.error} />}
      <Button type="submit" look="go" why={enter.isPending ? 'Looking …' : undefined}>
        Sign in
      </Button>
    </form>
  );
}

/** Why the way back from a provider ended here. */
function Provided({ code }: { code: string }) {
  const { what, mend } = reasonOf(code);
  return <Refusal error={new Problem('SIGN_IN_REFUSED', what, mend, 401)} />;
}

function NoOwner() {
  return (
    <>
      <p className="mut">
        This room has no owner yet. Open the link that its start printed; it works once. If it is gone, make another one
        on the machine of the room:
      </p>
      <Command text="npx opsroom owner-link" />
    </>
  );
}

/** Always in sight: whoever came in by a link the first time may have no password yet. */
function LockedOut() {
  return (
    <section className={styles['more']} aria-label="No password">
      <p className="mut">
        No password, or forgotten? On the machine of the room, this prints a link that lets an owner in once. Everybody
        else asks an owner.
      </p>
      <Command text="npx opsroom owner-link" />
    </section>
  );
}
