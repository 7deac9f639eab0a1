import type { ReactNode } from 'react';
import { useId } from 'react';
import styles from './field.module.css';

interface Props {
  label: string;
  /** What it is for, or what is wrong with it. */
  note?: ReactNode;
  wrong?: boolean;
  /** The control; is given the id that the label names and that of the note. */
  children: (ids: { id: string; 'aria-describedby': string | undefined; className: string }) => ReactNode;
}

/** A control with its label and a note, tied together for who cannot see them. */
export function Field({ label, note, wrong = false, children }: Props) {
  const id = useId();
  const noteId = `${id}-note`;
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': note ? noteId : undefined, className: styles['control'] ?? '' })}
      {note && (
        <p id={noteId} className={wrong ? `${styles['note']} ${styles['wrong']} q-failed` : styles['note']}>
          {note}
        </p>
      )}
    </div>
  );
}
