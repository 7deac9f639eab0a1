import type { ReactNode } from 'react';
import { useAct } from './act.js';
import { Button } from './button.js';
import { Dialog } from './dialog.js';
import styles from './form-dialog.module.css';
import { Refusal } from './refusal.js';

interface Props<T> {
  title: string;
  /** What will happen, and whether it can be taken back. */
  about?: ReactNode;
  /** The word on the button: what is done. */
  word: string;
  /** What still has to be filled in; undefined: nothing. */
  lacks?: string | undefined;
  /** Does it; what it throws is shown, and the dialog stays. */
  act: () => Promise<T>;
  /** Is given what `act` made. */
  onDone: (made: T) => void;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks for what is needed, and does it, once. While it is being done the dialog stays: what comes back may be shown only here. */
export function FormDialog<T>({ title, about, word, lacks, act, onDone, onClose, children }: Props<T>) {
  const { go, error, busy, underWay } = useAct(act, { onSuccess: onDone });
  // Whoever closes it in that moment would lose what is shown this once.
  const close = () => {
    if (!underWay()) onClose();
  };
  return (
    <Dialog
      open
      held={busy !== undefined}
      onClose={close}
      title={title}
      about={about}
      actions={
        <>
          <Button why={busy} onClick={close}>
            Leave it
          </Button>
          <Button look="go" why={busy ?? lacks} onClick={() => go()}>
            {word}
          </Button>
        </>
      }
    >
      {(children !== undefined || error) && (
        <div className={styles['fields']}>
          {children}
          {error && <Refusal error={error} />}
        </div>
      )}
    </Dialog>
  );
}
