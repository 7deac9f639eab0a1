import { Toast } from 'radix-ui';
import { createStore, useStore } from '../kit/store.js';
import { StateIcon } from './state-icon.js';
import styles from './toast.module.css';

interface Told {
  readonly id: number;
  readonly text: string;
  readonly failed: boolean;
}

const LONG_MS = 8000;
const told = createStore<readonly Told[]>([]);
let last = 0;

function tell(text: string, failed: boolean): void {
  told.set([...told.get().slice(-3), { id: ++last, text, failed }]);
}

/** Says what the page does not show by itself, for a few seconds, also to who listens to the page. */
export function toast(text: string): void {
  tell(text, false);
}

/** Says that something did not work. */
toast.error = (text: string): void => tell(text, true);

/** Where toasts appear: F8 goes there. */
export function Toasts() {
  const all = useStore(told);
  return (
    <Toast.Provider duration={LONG_MS} label="Notice">
      {all.map(({ id, text, failed }) => (
        <Toast.Root
          key={id}
          className={styles['toast'] ?? ''}
          type={failed ? 'foreground' : 'background'}
          onOpenChange={(open) => !open && told.set(told.get().filter((one) => one.id !== id))}
        >
          {failed && <StateIcon shown={{ look: 'failed', word: 'refused' }} />}
          <Toast.Description>{text}</Toast.Description>
          <Toast.Close className={styles['close'] ?? ''} aria-label="Close">
            ×
          </Toast.Close>
        </Toast.Root>
      ))}
      <Toast.Viewport className={styles['place'] ?? ''} />
    </Toast.Provider>
  );
}
