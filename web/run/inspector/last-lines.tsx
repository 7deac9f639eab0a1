import { useQuery } from '@tanstack/react-query';
import { api, read } from '../../api/client.js';
import { Button } from '../../ui/button.js';
import type { Attempt } from '../data.js';
import { Pieces } from '../logs/pieces.js';
import styles from './last-lines.module.css';

const COUNT = 12;

interface Props {
  run: string;
  step: string;
  item: number;
  attempt: Attempt;
  onMore: () => void;
}

/** What the tool said last: most often it says why. */
export function LastLines({ run, step, item, attempt: { attempt, revision, logLines }, onMore }: Props) {
  const from = Math.max(1, logLines - COUNT + 1);
  const query = { step, item, attempt, revision, from, limit: COUNT };
  const { data } = useQuery({
    queryKey: ['runs', run, 'last-lines', query],
    queryFn: () => read(api.GET('/v1/runs/{run}/logs/lines', { params: { path: { run }, query } })),
  });
  if (!data || data.lines.length === 0) return null;
  return (
    <div className={styles['last']}>
      <p className={styles['head']}>
        <b>What it said last</b>
        <span className="grow" />
        <Button look="bare" onClick={onMore}>
          {logLines === 1 ? 'In the log' : `All ${logLines} lines`}
        </Button>
      </p>
      <pre>
        {data.lines.map(({ number, text }) => (
          <span key={number}>
            <Pieces line={text} />
            {'\n'}
          </span>
        ))}
      </pre>
    </div>
  );
}
