import { useQuery } from '@tanstack/react-query';
import { guardsOf } from '#ir/guards.js';
import { planQuery } from '../data.js';
import styles from './inspector.module.css';
import type { PaneProps } from './pane-props.js';
import { settledBy } from './settled-words.js';

/** Who settled a step and why; of one that was left out because somebody said no, who that was. */
export function Settled({ run, step, detail }: Pick<PaneProps, 'run' | 'step' | 'detail'>) {
  const { data } = useQuery(planQuery(run.runId));
  const guards = data && guardsOf(data.plan);
  const asking = guards?.get(step.id) ?? [];
  const asks = [...(guards?.values() ?? [])].flat().includes(step.id);
  const said = settledBy(
    { status: step.status, person: detail.attempts.at(-1)?.person ?? null, asks },
    asking,
    run.steps,
  );
  if (!said) return null;
  return (
    <div className={styles['section']}>
      <h3>{said.what}</h3>
      <p className={styles['asks']}>“{said.reason}”</p>
    </div>
  );
}
