import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Popover } from 'radix-ui';
import { useMe } from '../api/me.js';
import { signOut } from '../api/sign-in.js';
import { forgetDraft } from '../plan/draft.js';
import { Organisations } from './organisations.js';
import styles from './person.module.css';

/** Who is signed in. */
export function Person() {
  const me = useMe();
  const { person, by } = me.data ?? {};
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      forgetDraft();
      location.assign('/sign-in'); // a new page: nothing of what was read stays in memory
    },
  });
  return (
    <Popover.Root>
      <Popover.Trigger className={styles['person']} aria-label={`You: ${person?.name ?? by ?? 'unknown'}`}>
        <svg viewBox="0 0 16 16" aria-hidden="true" fill="currentColor">
          <circle cx="8" cy="5.2" r="2.7" />
          <path d="M2.8 13.6c0-3 2.2-4.8 5.2-4.8s5.2 1.8 5.2 4.8z" />
        </svg>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content align="end" sideOffset={6} className={styles['menu']} aria-label="You">
          <p className={styles['who']}>
            {person?.name ?? by}
            <span>{person ? (person.email ?? person.role) : 'by a key'}</span>
          </p>
          {person && <Organisations />}
          <Popover.Close asChild>
            <Link to="/settings">Settings</Link>
          </Popover.Close>
          {person && (
            <button type="button" onClick={() => leave.mutate()}>
              {leave.error ? 'The room does not answer: try again' : 'Sign out'}
            </button>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
