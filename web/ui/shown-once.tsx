import { Button } from './button.js';
import { CopyButton } from './copy.js';
import { Dialog } from './dialog.js';
import styles from './shown-once.module.css';

interface Props {
  title: string;
  about: string;
  /** Each with the word for its button: `the key`. */
  texts: readonly { readonly text: string; readonly what: string }[];
  onClose: () => void;
}

/** What is shown this once and never again: it goes away by its button alone. */
export function ShownOnce({ title, about, texts, onClose }: Props) {
  return (
    <Dialog
      open
      held
      onClose={onClose}
      title={title}
      about={about}
      actions={
        <>
          {texts.map(({ text, what }) => (
            <CopyButton key={what} text={text} what={what} />
          ))}
          <Button look="go" onClick={onClose}>
            {texts.length === 1 ? 'I have it' : 'I have them'}
          </Button>
        </>
      }
    >
      {texts.map(({ text, what }) => (
        <code key={what} className={styles['text']}>
          {text}
        </code>
      ))}
    </Dialog>
  );
}
