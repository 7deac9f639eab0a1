import { useInfiniteQuery } from '@tanstack/react-query';
import { isForYou, openIntents } from '../api/open-intents.js';
import styles from './waiting.module.css';

/** A stream for one figure would take, on every page, one more of the six connections that a browser has; the approvals page follows events. */
const EVERY_MS = 15_000;

/** How many intents wait for whoever looks; nothing when there are none. */
export function Waiting() {
  const { data, hasNextPage } = useInfiniteQuery({ ...openIntents, refetchInterval: EVERY_MS });
  const count = data?.pages.flatMap(({ intents }) => intents).filter(isForYou).length ?? 0;
  if (count === 0) return null;
  return (
    <span className={`${styles['waiting']} q-waiting`}>
      {count}
      {hasNextPage && '+'}
      <span className="vh"> wait for you</span>
    </span>
  );
}
