import { Link } from '@tanstack/react-router';
import { Popover } from 'radix-ui';
import styles from './person.module.css';

/** Who is signed in. */
export function Person() {
  return (
    <Popover.Root>
      <Popover.Trigger className={styles['person']} aria-label="You">
        <svg viewBox="0 0 16 16" aria-hidden="true" fill="currentColor">
          <circle cx="8" cy="5.2" r="2.7" />
          <path d="M2.8 13.6c0-3 2.2-4.8 5.2-4.8s5.2 1.8 5.2 4.8z" />
        </svg>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content align="end" sideOffset={6} className={styles['menu']}>
          <Link to="/settings">Settings</Link>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
