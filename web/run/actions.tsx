import { lazy, Suspense, useState } from 'react';
import type { Plan } from '#ir/plan.js';
import { asProblem } from '../api/problem.js';
import { Button } from '../ui/button.js';
import { useCommands } from '../ui/commands.js';
import { toast } from '../ui/toast.js';
import styles from './actions.module.css';
import type { Run } from './data.js';
import { useTell } from './do.js';
import { MoreMenu } from './more-menu.js';
import { ReasonDialog } from './reason-dialog.js';
import { type HeadAction, headActions, inSight } from './telling.js';

/** It reads expressions, and brings along what that takes. */
const AgainDialog = lazy(() => import('./again-dialog.js'));

interface Props {
  run: Run;
  step: string | undefined;
  plan: Plan | undefined;
}

type Asking = Exclude<HeadAction['id'], 'pause' | 'resume'> | undefined;

/** What can be done with the run; the same by button, by key and in the palette. */
export function Actions({ run, step, plan }: Props) {
  const [asking, setAsking] = useState<Asking>();
  const tell = useTell(run.runId);
  const actions = headActions(run, step);
  const act = ({ id }: HeadAction) => {
    if (id === 'pause' || id === 'resume') tell.mutate({ kind: id, reason: '' }, { onError: failed });
    else setAsking(id);
  };
  useCommands(
    actions.map((action) => ({
      id: `run.${action.id}`,
      text: action.text,
      group: 'This run',
      keys: action.key,
      why: action.why,
      run: () => act(action),
    })),
  );
  const done = () => setAsking(undefined);
  const seen = actions.filter((action) => inSight(action, run.status));
  const others = actions.filter((action) => !seen.includes(action));
  const asksAgain = asking === 'cancel' || asking === 'rollback' ? undefined : asking;
  return (
    <div className={styles['actions']}>
      {seen.map((action) => (
        <Button key={action.id} why={action.why} onClick={() => act(action)} disabled={tell.isPending}>
          {action.text}
          {action.why === undefined && <kbd aria-hidden="true">{action.key.toUpperCase()}</kbd>}
        </Button>
      ))}
      <MoreMenu actions={others} onAct={act} />
      {(asking === 'cancel' || asking === 'rollback') && <ReasonDialog run={run} kind={asking} onClose={done} />}
      <Suspense>
        {asksAgain && plan && (
          <AgainDialog run={run} plan={plan} how={asksAgain} step={step?.split('/')[0]} onClose={done} />
        )}
      </Suspense>
    </div>
  );
}

function failed(error: unknown): void {
  const { what, mend } = asProblem(error);
  toast.error(`${what} ${mend}`);
}
