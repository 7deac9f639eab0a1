import { Link } from '@tanstack/react-router';
import { type Connection, useConnection } from '../api/connection.js';
import styles from './bar.module.css';
import { paletteOpen } from './palette-store.js';
import { Person } from './person.js';
import { PLACES } from './places.js';
import { useTheme } from './theme.js';
import { Waiting } from './waiting.js';

/** The one bar: where one is, search and commands, the connection, theme and person. */
export function Bar() {
  return (
    <header className={styles['bar']}>
      <Link to="/" className={styles['mark']}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M2 4h8M5 8h9M2 12h5" fill="none" stroke="currentColor" strokeWidth="2.25" />
        </svg>
        Opsroom
      </Link>
      <nav className={styles['nav']} aria-label="Main">
        {PLACES.map(({ to, text }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === '/' }}>
            {text}
            {to === '/approvals' && <Waiting />}
          </Link>
        ))}
      </nav>
      <span className="grow" />
      <button type="button" className={styles['find']} onClick={() => paletteOpen.set(true)}>
        <span className="cut">Search or run a command</span>
        <kbd>{/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <Live />
      <ThemeButton />
      <Person />
    </header>
  );
}

const WORDS: Readonly<Record<Connection, string>> = {
  idle: 'Idle',
  connecting: 'Connecting',
  open: 'Live',
  lost: 'Connection lost',
};

function Live() {
  const connection = useConnection();
  return (
    <span
      className={styles['live']}
      data-connection={connection}
      title={connection === 'idle' ? 'Nothing on this page changes by itself.' : undefined}
    >
      <i aria-hidden="true" />
      <span>{WORDS[connection]}</span>
    </span>
  );
}

function ThemeButton() {
  const [theme, next] = useTheme();
  return (
    <button type="button" className={styles['square']} onClick={next} title={`Theme: ${theme}`}>
      <span className="vh">Theme: {theme}. Change it.</span>
      <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.5">
        <circle cx="8" cy="8" r="5.5" />
        <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill={theme === 'system' ? 'none' : 'currentColor'} />
      </svg>
    </button>
  );
}
