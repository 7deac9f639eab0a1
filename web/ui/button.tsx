import { type ButtonHTMLAttributes, useId } from 'react';
import styles from './button.module.css';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `go`: the one thing this place is for. `bare`: without an outline. */
  look?: 'plain' | 'go' | 'bare';
  /** Why it cannot be used now; shown in the button and read with it. */
  why?: string | undefined;
}

/** A button. One that cannot be used keeps its place in the order of focus, and says why. */
export function Button({ look = 'plain', why, onClick, children, className = '', ...rest }: Props) {
  const reason = useId();
  const barred = why !== undefined;
  return (
    <button
      type="button"
      className={`${styles['button']} ${styles[look] ?? ''} ${className}`}
      aria-disabled={barred || undefined}
      aria-describedby={barred ? reason : undefined}
      title={why}
      onClick={barred ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      {children}
      {barred && (
        <span id={reason} className={styles['why']}>
          {why}
        </span>
      )}
    </button>
  );
}
