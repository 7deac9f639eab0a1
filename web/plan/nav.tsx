import { Link } from '@tanstack/react-router';
import styles from './nav.module.css';

const PAGES = [
  { to: '/plan', text: 'Plan' },
  { to: '/plan/documents', text: 'Documents' },
  { to: '/plan/skills', text: 'Skills' },
] as const;

/** A plan, and what plans are made from. */
export function PlanNav() {
  return (
    <nav className={styles['nav']} aria-label="Plan and what it is made from">
      {PAGES.map(({ to, text }) => (
        <Link key={to} to={to} search={{}} activeOptions={{ exact: true, includeSearch: false }}>
          {text}
        </Link>
      ))}
    </nav>
  );
}
