import type { ReactNode } from 'react';
import { useId } from 'react';
import styles from './field.module.css';

interface Props {
  label: string;
  /** What it is for, or what is wrong with it. */
  note?: ReactNode;
  wrong?: boolean;
  /** A few words beside the label: where the value came from. */
  aside?: string | undefined;
  /** The control; is given the id that the label names and that of the note. */
  children: (ids: { id: string; 'aria-describedby': string | undefined; className: string }) => ReactNode;
}

/** A control with its label and a note, tied together for who cannot see them. */
export function Field({ label, note, wrong = false, aside, children }: Props) {
  const id = useId();
  const [noteId, asideId] = [`${id}-note`, `${id}-aside`];
  const told = [aside ? asideId : '', note ? noteId : ''].filter((one) => one !== '').join(' ');
  return (
    <div className={styles['field']}>
      <div className={styles['head']}>
        <label htmlFor={id}>{label}</label>
        {aside && (
          <span id={asideId} className="label">
            {aside}
          </span>
        )}
      </div>
      {children({ id, 'aria-describedby': told === '' ? undefined : told, className: styles['control'] ?? '' })}
      {note && (
        <p id={noteId} className={wrong ? `${styles['note']} ${styles['wrong']} q-failed` : styles['note']}>
          {note}
        </p>
      )}
    </div>
  );
}
