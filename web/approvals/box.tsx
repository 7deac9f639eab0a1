import type { ReactNode } from 'react';
import styles from './box.module.css';

interface Props {
  title: string;
  /** Beside the title. */
  note?: ReactNode;
  /** Whether what is in it keeps its distance from the edges. */
  padded?: boolean;
  children: ReactNode;
}

/** One of the things that whoever decides looks at. */
export function Box({ title, note, padded = false, children }: Props) {
  return (
    <section className={styles['box']} aria-label={title}>
      <h2>
        {title}
        {note && <span className="label">{note}</span>}
      </h2>
      {padded ? <div className={styles['in']}>{children}</div> : children}
    </section>
  );
}
