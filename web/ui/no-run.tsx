import { Link } from '@tanstack/react-router';
import styles from './no-run.module.css';
import { Refusal } from './refusal.js';

/** What stands where a run would, when the room does not give it: why, and the way back. */
export function NoRun({ error }: { error: unknown }) {
  return (
    <main className={styles['page']}>
      <h1>The run cannot be shown</h1>
      <Refusal error={error} />
      <p>
        <Link to="/runs" className="link">
          All runs
        </Link>
      </p>
    </main>
  );
}
