import { usePrefetchQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { Plan } from '#ir/plan.js';
import { NoRun } from '../ui/no-run.js';
import { unturned } from '../ui/visible.js';
import { Actions } from './actions.js';
import { type Address, readAddress, selectStep, writeAddress } from './address.js';
import { askingStep, standingOf } from './asking.js';
import { planQuery, type Run, type RunStep, runQuery } from './data.js';
import { Facts } from './facts.js';
import { Graph } from './graph.js';
import { Head } from './head.js';
import { Inspector } from './inspector/inspector.js';
import { LiveTail } from './live-tail.js';
import { Notice } from './notice.js';
import styles from './page.module.css';
import { ProofStrip } from './proof-strip.js';
import { tellingStep, tellingTab } from './telling.js';
import { Timeline } from './timeline.js';
import { useLiveRun } from './use-run.js';

/** One run: what happened, what happens now, why, and what can be done about it. */
export function RunPage() {
  const { run: reference } = useParams({ from: '/room/runs/$run' });
  usePrefetchQuery(planQuery(reference));
  const { data: run, error } = useQuery(runQuery(reference));
  useLiveRun(run?.runId === reference ? run : undefined);
  useTitle(run);
  useWholeId(reference, run);
  if (error && !run) return <NoRun error={error} />;
  if (!run) return <p className={styles['loading']}>Reading the run …</p>;
  return <Shown key={run.runId} run={run} />;
}

/** Until the plan is read. */
const NO_PLAN: Pick<Plan, 'steps' | 'metadata'> = { steps: [], metadata: {} };

function Shown({ run }: { run: Run }) {
  const search = useSearch({ from: '/room/runs/$run' });
  const navigate = useNavigate({ from: '/runs/$run' });
  const { data: plan } = useQuery(planQuery(run.runId));
  const address = readAddress(search);
  // From the latest address, not the drawn one: two clicks may come before the page is drawn again.
  const go = (change: (old: Address) => Address) =>
    void navigate({ search: (old) => writeAddress(change(readAddress(old))), replace: true, resetScroll: false });
  const select = (id: string) => go((old) => selectStep(old, id));
  const asking = useAsking(run, address.step);
  const step = run.steps.find(({ id }) => id === address.step) ?? tellingStep(run, asking);
  const tab = address.tab ?? (step ? tellingTab(step) : 'overview');
  const { steps, metadata } = plan?.plan ?? NO_PLAN;
  const shared = { run, steps, metadata, selected: step?.id, onSelect: select };
  return (
    <main className={styles['page']}>
      <Head run={run} />
      <Notice run={run} asking={asking} selected={step?.id} onSelect={select} />
      <Actions run={run} step={step?.id} plan={plan?.plan} />
      <Facts run={run} />
      <div className={styles['body']}>
        <div className={styles['left']}>
          <Graph {...shared} />
          <Timeline {...shared} fold={address.fold} onFold={(fold) => go((old) => ({ ...old, fold }))} />
          <LiveTail
            run={run}
            hidden={tab === 'logs'}
            onSelect={(id) => go((old) => ({ ...selectStep(old, id), tab: 'logs' }))}
          />
        </div>
        {step && (
          <Inspector
            key={step.id}
            run={run}
            step={step}
            asking={asking?.id}
            address={{ ...address, step: step.id, tab }}
            onGo={(change) => go((old) => ({ ...(old.step === step.id ? old : selectStep(old, step.id)), ...change }))}
          />
        )}
      </div>
      <ProofStrip run={run} selected={step?.id} onSelect={select} />
    </main>
  );
}

/** The step that stands at the top of the page: at first the one that a link leads to, if it asks; then the same until it is answered. */
function useAsking(run: Run, linked: string | undefined): RunStep | undefined {
  const [kept, setKept] = useState(linked);
  const asking = askingStep(run, kept);
  if (asking && asking.id !== kept) setKept(asking.id);
  return asking;
}

/** A run may be named by digits of its id, or as `last`, which is another one tomorrow: the address names it in full. */
function useWholeId(reference: string, run: Run | undefined): void {
  const navigate = useNavigate({ from: '/runs/$run' });
  const client = useQueryClient();
  useEffect(() => {
    if (run === undefined || run.runId === reference) return;
    client.setQueryData(runQuery(run.runId).queryKey, run);
    void navigate({ params: { run: run.runId }, search: true, replace: true, resetScroll: false });
  }, [reference, run, navigate, client]);
}

/** A tab among others says how its run stands. */
function useTitle(run: Run | undefined): void {
  const shown = run && standingOf(run);
  const title = run && shown && `${shown.word}: ${unturned(run.title)}`;
  useEffect(() => {
    if (title === undefined) return;
    const before = document.title;
    document.title = `${title} · Opsroom`;
    return () => {
      document.title = before;
    };
  }, [title]);
}
