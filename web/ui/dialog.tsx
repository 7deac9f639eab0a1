import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import styles from './dialog.module.css';

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  /** One sentence on what this is about. */
  about?: ReactNode;
  children: ReactNode;
  /** The row of buttons. */
  actions?: ReactNode;
  wide?: boolean;
  /** Only its own buttons close it. */
  held?: boolean;
}

/** A question that has to be answered before going on. Escape and a click beside it leave everything as it was. */
export function Dialog({ open, onClose, title, about, children, actions, wide = false, held = false }: Props) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && !held && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={styles['veil']} />
        <Radix.Content
          className={`${styles['dialog']} ${wide ? styles['wide'] : ''}`}
          {...(about ? {} : { 'aria-describedby': undefined })}
        >
          <Radix.Title className={styles['title']}>{title}</Radix.Title>
          {about && <Radix.Description className={styles['about']}>{about}</Radix.Description>}
          <div className={styles['body']}>{children}</div>
          {actions && <div className={styles['actions']}>{actions}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
