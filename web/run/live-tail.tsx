import { useState } from 'react';
import { hasEnded } from '#ir/state.js';
import { useLive } from '../api/live.js';
import { Button } from '../ui/button.js';
import { standingShown } from '../ui/state.js';
import { StateIcon } from '../ui/state-icon.js';
import type { LogLine, Run } from './data.js';
import styles from './live-tail.module.css';
import { Pieces } from './logs/pieces.js';

interface Props {
  run: Run;
  /** The log itself is in sight. */
  hidden: boolean;
  onSelect: (step: string) => void;
}

const LINES = 3;

/** The last words of the step that runs, for whoever looks elsewhere. */
export function LiveTail({ run, hidden, onSelect }: Props) {
  const step = run.steps.findLast(({ status, items }) => status === 'running' && items === null);
  if (!step || hidden || hasEnded(run.status)) return null;
  return (
    <section className={styles['tail']} aria-label={`Live output of ${step.id}`}>
      <h2>
        <StateIcon shown={standingShown(step)} />
        <code>{step.id}</code>
        <span className="label">live output</span>
        <span className="grow" />
        <Button look="bare" onClick={() => onSelect(step.id)}>
          Follow
        </Button>
      </h2>
      <Lines key={step.id} run={run.runId} step={step.id} />
    </section>
  );
}

function Lines({ run, step }: { run: string; step: string }) {
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  useLive(`/v1/runs/${run}/logs/stream?step=${encodeURIComponent(step)}&tail=${LINES}`, {
    onEvents: (events) => {
      const told = events.flatMap(({ data }) => data as LogLine[]).filter(({ stream }) => stream !== 'gap');
      setLines((before) => [...before, ...told].slice(-LINES));
    },
  });
  return (
    <ol>
      {lines.length === 0 && <li className="dim">nothing yet</li>}
      {lines.map(({ number, text }) => (
        <li key={number} className="cut">
          <Pieces line={text} />
        </li>
      ))}
    </ol>
  );
}
