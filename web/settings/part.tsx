import type { ReactNode } from 'react';
import styles from './settings.module.css';

interface Props {
  title: string;
  about: string;
  action?: ReactNode;
  children: ReactNode;
}

/** One subject of the settings. */
export function Part({ title, about, action, children }: Props) {
  return (
    <section className={styles['part']} aria-label={title}>
      <div className={styles['head']}>
        <h2>{title}</h2>
        <p className="grow">{about}</p>
        {action}
      </div>
      {children}
    </section>
  );
}
