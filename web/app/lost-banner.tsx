import { useEffect, useState } from 'react';
import { useConnection } from '../api/connection.js';
import { StateIcon } from '../ui/state-icon.js';
import styles from './shell.module.css';

const QUIET_MS = 2000;

/** Says that what is shown may be old. */
export function LostBanner() {
  return useConnection() === 'lost' ? <AfterAWhile /> : null;
}

/** A blink of the network is not worth a word. */
function AfterAWhile() {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <output className={`${styles['banner']} ${styles['lost']} q-failed`}>
      <StateIcon shown={{ look: 'unknown', word: 'lost' }} />
      <span>
        <b>Connection lost.</b> What you see is from before: runs may have gone on or stopped since. The page catches up
        by itself as soon as the room answers.
      </span>
    </output>
  );
}
