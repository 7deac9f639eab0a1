import type { ReactNode } from 'react';
import { Command } from './copy.js';
import styles from './empty.module.css';

/** What stands where there is nothing yet: why, and the next step as a command to copy. */
export function Empty({ title, children, command }: { title: string; children?: ReactNode; command?: string }) {
  return (
    <div className={styles['empty']}>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {command && <Command text={command} />}
    </div>
  );
}
