import type { ReactNode } from 'react';
import styles from './frame.module.css';

/** What stands around the pages of who is not signed in. */
export function Frame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className={styles['place']}>
      <div className={styles['frame']}>
        <p className={styles['mark']}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M2 4h8M5 8h9M2 12h5" fill="none" stroke="currentColor" strokeWidth="2.25" />
          </svg>
          Opsroom
        </p>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
