import { Link } from '@tanstack/react-router';
import { Differences } from '../ui/differences.js';
import { Time } from '../ui/time.js';
import { Box } from './box.js';
import styles from './changes.module.css';
import type { Diff } from './model.js';

/** What it does differently from the last run of this title that succeeded on this target. */
export function Changes({ diff }: { diff: Diff | null }) {
  if (diff === null)
    return (
      <Box title="Changed since the last run here" padded>
        <p className="mut">No run of this title has succeeded on this target yet: all of it is new here.</p>
      </Box>
    );
  const { runId, shortId, endedAt, plan, inputs, steps, same } = diff;
  const note = (
    <>
      run{' '}
      <Link to="/runs/$run" params={{ run: runId }} className="link mono">
        {shortId}
      </Link>
      , <Time at={endedAt} />
    </>
  );
  const nothing = plan.length + inputs.length + steps.length === 0;
  return (
    <Box title="Changed since the last run here" note={note}>
      {nothing && <p className={styles['all']}>Nothing: the same steps with the same inputs.</p>}
      <Differences
        parts={[
          { name: 'inputs', differences: inputs },
          { name: 'plan', differences: plan },
        ]}
        steps={steps}
      />
      {!nothing && same > 0 && (
        <p className={`${styles['all']} label`}>
          {same === 1 ? '1 step is as it was.' : `${same} steps are as they were.`}
        </p>
      )}
    </Box>
  );
}
