import type { Plan } from '#ir/plan.js';
import { Dag } from '../ui/dag/dag.js';
import { standingShown } from '../ui/state.js';
import type { Run } from './data.js';
import styles from './graph.module.css';

interface Props {
  run: Run;
  steps: Plan['steps'];
  metadata: Plan['metadata'];
  selected: string | undefined;
  onSelect: (step: string) => void;
}

/** The plan of the run as a graph, each step in its state. */
export function Graph({ run, steps, metadata, selected, onSelect }: Props) {
  const shown = new Map(run.steps.map((step) => [step.id, standingShown(step)]));
  return (
    <section className={styles['graph']} aria-label="Plan">
      <div className={styles['sub']}>
        <h2>Plan</h2>
        <span className="label">
          {run.progress.total} {run.progress.total === 1 ? 'step' : 'steps'}
        </span>
      </div>
      {steps.length > 0 ? (
        <Dag steps={steps} metadata={metadata} shown={shown} selected={selected?.split('/')[0]} onSelect={onSelect} />
      ) : (
        <p className={styles['loading']}>Reading the plan …</p>
      )}
    </section>
  );
}
