import { lazy, Suspense } from 'react';
import type { Plan } from '#ir/plan.js';
import { stepShown } from '../ui/state.js';
import type { Run } from './data.js';
import styles from './graph.module.css';

/** Drawing graphs takes a library of its own size: it comes beside the run, and the rest of the page does not wait for it. */
const loading = import('../ui/dag/dag.js');
const Dag = lazy(() => loading);

interface Props {
  run: Run;
  steps: Plan['steps'];
  selected: string | undefined;
  onSelect: (step: string) => void;
}

/** The plan of the run as a graph, each step in its state. */
export function Graph({ run, steps, selected, onSelect }: Props) {
  const states = new Map(run.steps.map((step) => [step.id, step]));
  const drawn = steps.map(({ id, title, dependsOn }) => {
    const state = states.get(id);
    return { id, title, dependsOn, ...(state ? { shown: stepShown(state.status, state.word) } : {}) };
  });
  const deep = widest(steps);
  return (
    <section className={styles['graph']} aria-label="Plan">
      <div className={styles['sub']}>
        <h2>Plan</h2>
        <span className="label">
          {run.progress.total} {run.progress.total === 1 ? 'step' : 'steps'}
        </span>
      </div>
      <div className={styles['canvas']} data-size={deep > 4 ? 'large' : deep > 2 ? 'middle' : 'small'}>
        <Suspense fallback={<p className={styles['loading']}>Drawing the plan …</p>}>
          {drawn.length > 0 && <Dag steps={drawn} selected={selected?.split('/')[0]} onSelect={onSelect} />}
        </Suspense>
      </div>
    </section>
  );
}

/** How many steps stand side by side at most, as far as the height of the graph is concerned. */
function widest(steps: Plan['steps']): number {
  const depth = new Map<string, number>();
  const counts = new Map<number, number>();
  for (const { id, dependsOn } of steps) {
    const column = Math.max(0, ...dependsOn.map((name) => (depth.get(name) ?? 0) + 1));
    depth.set(id, column);
    counts.set(column, (counts.get(column) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}
