import { unturned } from '../ui/visible.js';
import { withCode } from '../ui/with-code.js';
import { Text } from './logs/pieces.js';
import styles from './told.module.css';
import { toldParts } from './told-parts.js';

const MOST_LINES = 12;

/** What a person is told, with its commands as they are run: in the type of code, line by line. */
export function Told({ text }: { text: string }) {
  // What has to be scrolled has to be reached without a mouse; the buttons below it stay in sight.
  const scrolls = text.split('\n').length > MOST_LINES;
  const focused = scrolls ? { role: 'group', tabIndex: 0, 'aria-label': 'All of what is asked' } : {};
  return (
    <div className={`${styles['told']} ${scrolls ? styles['scrolls'] : ''}`} {...focused}>
      {toldParts(unturned(text)).map(({ code, text: part }, place) =>
        code ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have nothing but their place
          <pre key={place} className={styles['code']}>
            <Text text={part} />
          </pre>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have nothing but their place
          <p key={place}>{withCode(part)}</p>
        ),
      )}
    </div>
  );
}
