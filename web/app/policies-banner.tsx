import { useQuery } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import { useMe } from '../api/me.js';
import { StateIcon } from '../ui/state-icon.js';
import { visible } from '../ui/visible.js';
import styles from './shell.module.css';

/** Somebody who mends a file looks here whether it worked; no event tells of a file. */
const EVERY_MS = 15_000;

/** Says that nothing is permitted because the policies cannot be used: in which file, and what mends it. */
export function PoliciesBanner() {
  const known = useMe().data !== undefined;
  const { data } = useQuery({
    queryKey: ['policies'],
    queryFn: () => read(api.GET('/v1/policies')),
    enabled: known,
    refetchInterval: EVERY_MS,
  });
  const [first, ...more] = data?.problems ?? [];
  if (!data || !first) return null;
  const line = first.line === undefined ? '' : `, line ${first.line}`;
  return (
    <output className={`${styles['banner']} ${styles['lost']} q-failed`}>
      <StateIcon shown={{ look: 'failed', word: 'wrong' }} />
      <span>
        <b>The policies cannot be used</b>, so nothing is permitted but to cancel and to pause runs.{' '}
        <span className="mono">
          {visible(first.file)}
          {line}
        </span>
        : {visible(first.message)} {visible(first.mend)}
        {more.length > 0 && ` ${more.length} more: npx opsroom policy check.`}
      </span>
    </output>
  );
}
