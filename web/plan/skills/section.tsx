import type { ReactNode } from 'react';
import styles from './skills.module.css';

/** A part of the page under a heading of its own. */
export function Section({ title, note, children }: { title: string; note?: string | undefined; children: ReactNode }) {
  return (
    <section className={styles['section']} aria-label={title}>
      <h2>
        {title} {note !== undefined && <span className="label">{note}</span>}
      </h2>
      {children}
    </section>
  );
}
