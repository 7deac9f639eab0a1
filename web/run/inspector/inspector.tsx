import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { fineDuration } from '../../ui/format.js';
import { useNow } from '../../ui/now.js';
import { Refusal } from '../../ui/refusal.js';
import { standingShown } from '../../ui/state.js';
import { StateIcon } from '../../ui/state-icon.js';
import { unturned } from '../../ui/visible.js';
import { type Address, TABS, type Tab } from '../address.js';
import { tookMs } from '../bars.js';
import { type Run, type RunStep, type StepDetail, stepQuery } from '../data.js';
import { LogPane } from '../logs/log-pane.js';
import { STEP_SHOWN } from '../step-shown.js';
import { Artefacts } from './artefacts.js';
import { Attempts } from './attempts.js';
import styles from './inspector.module.css';
import { Items } from './items.js';
import { Overview } from './overview.js';
import type { PaneProps } from './pane-props.js';
import { Source } from './source.js';
import { Verdicts } from './verdicts.js';
import { Where } from './where.js';

interface Props {
  run: Run;
  step: RunStep;
  /** The id of the step that is asked about at the top of the page. */
  asking: string | undefined;
  /** With the step and the tab that are shown, also where the reader chose none. */
  address: Address;
  onGo: (change: Partial<Address>) => void;
}

const TITLES: Readonly<Record<Tab, string>> = {
  overview: 'Overview',
  attempts: 'Attempts',
  logs: 'Logs',
  verdicts: 'Verdicts',
  artefacts: 'Artefacts',
  source: 'Source',
};

/** All that is known of one step. */
export function Inspector({ run, step, asking, address, onGo }: Props) {
  const { data, error } = useQuery(stepQuery(run.runId, step.id, address.item));
  const tab = address.tab ?? 'overview';
  return (
    <section id={STEP_SHOWN} className={styles['inspector']} aria-label={`Step ${step.id}`}>
      <Head run={run} step={step} detail={data} item={address.item} />
      <Tabs tab={tab} counts={countsOf(data)} onTab={(next) => onGo({ tab: next })} />
      <div className={styles['pane']} role="tabpanel" aria-label={TITLES[tab]} tabIndex={tab === 'logs' ? -1 : 0}>
        {error && <Refusal error={error} />}
        {data && paneOf(tab, { run, step, asking, detail: data, address, onGo })}
      </div>
    </section>
  );
}

function paneOf(tab: Tab, props: PaneProps): ReactNode {
  switch (tab) {
    case 'overview':
      return (
        <>
          <Overview {...props} />
          {props.detail.items && <Items {...props} />}
        </>
      );
    case 'attempts':
      return <Attempts {...props} />;
    case 'logs':
      return <LogPane {...props} />;
    case 'verdicts':
      return <Verdicts {...props} />;
    case 'artefacts':
      return <Artefacts {...props} />;
    case 'source':
      return <Source {...props} />;
  }
}

function countsOf(detail: StepDetail | undefined): Partial<Record<Tab, number>> {
  const last = detail?.attempts.at(-1);
  return {
    attempts: detail?.attempts.length ?? 0,
    verdicts: last?.verdicts.length ?? 0,
    artefacts: detail?.attempts.reduce((sum, { artefacts }) => sum + artefacts.length, 0) ?? 0,
  };
}

function Head({ run, step, detail, item }: { run: Run; step: RunStep; detail: StepDetail | undefined; item: number }) {
  const took = tookMs(step, useNow(1000).getTime());
  const shown = standingShown(step);
  const place = run.steps.findIndex(({ id }) => id === step.id) + 1;
  const facts = [
    detail?.tool ?? detail?.action,
    step.attempts > 1 ? `${step.attempts} attempts` : undefined,
    took === undefined ? undefined : fineDuration(took),
    step.isolation === null ? undefined : `isolation: ${step.isolation}`,
  ];
  return (
    <header className={styles['head']}>
      <h2>
        <StateIcon shown={shown} alone />
        <span className={styles['title']}>{unturned(step.title)}</span>
        <span className="grow" />
        <span className="num dim">
          {place} / {run.steps.length}
        </span>
      </h2>
      <p className={styles['facts']}>
        <code>
          {step.id}
          {item >= 0 && `#${item}`}
        </code>
        <span className={`q-${shown.look}`} style={{ color: 'var(--q)' }}>
          {shown.word}
        </span>
        {facts
          .filter((fact) => fact !== undefined)
          .map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
      </p>
      <Where run={run.runId} step={step.id} source={detail?.source ?? []} />
    </header>
  );
}

interface TabsProps {
  tab: Tab;
  counts: Partial<Record<Tab, number>>;
  onTab: (tab: Tab) => void;
}

function Tabs({ tab, counts, onTab }: TabsProps) {
  const move = (by: number) => onTab(TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length] ?? 'overview');
  return (
    <div
      className={styles['tabs']}
      role="tablist"
      tabIndex={-1}
      aria-label="Step"
      onKeyDown={({ key }) => {
        if (key === 'ArrowRight') move(1);
        if (key === 'ArrowLeft') move(-1);
      }}
    >
      {TABS.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          aria-selected={name === tab}
          tabIndex={name === tab ? 0 : -1}
          ref={(element) => {
            // The keys move the choice, and the focus goes with it.
            if (name === tab && element && element.parentElement?.contains(document.activeElement)) element.focus();
          }}
          onClick={() => onTab(name)}
        >
          {TITLES[name]}
          {(counts[name] ?? 0) > 0 && <span className={styles['count']}>{counts[name]}</span>}
        </button>
      ))}
    </div>
  );
}
