import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Said, saidOf } from '#ir/said.js';
import { hasEnded } from '#ir/state.js';
import { duration, fineDuration, fullTime, shortDigest, shortRun, zone } from '../ui/format.js';
import { askerText, targetText } from '../ui/names.js';
import { useNow } from '../ui/now.js';
import { Since, Time } from '../ui/time.js';
import { visible } from '../ui/visible.js';
import { costParts, costText } from './cost-words.js';
import { type Estimate, estimateQuery, type Run } from './data.js';
import styles from './facts.module.css';

/** What one wants to know of a run before one looks at its steps. */
export function Facts({ run }: { run: Run }) {
  const target = targetText(run.target);
  const now = useNow(60_000);
  return (
    <dl className={styles['facts']}>
      <Fact name="Plan">
        <code title={run.planDigest}>{shortDigest(run.planDigest)}</code>
      </Fact>
      {target !== '' && (
        <Fact name="Target">
          <code>{target}</code>
        </Fact>
      )}
      <Fact name="Lane">
        <code>{run.lane}</code>
      </Fact>
      <Fact name="Asked by">
        <span title={run.requestedBy}>{askerText(run.requestedBy)}</span>
      </Fact>
      <Fact name={`${run.startedAt === null ? 'Asked' : 'Started'}, ${zone(now)}`}>
        <Time at={run.startedAt ?? run.createdAt} />
      </Fact>
      <Fact name={hasEnded(run.status) ? 'Took' : run.startedAt === null ? 'Waits' : 'Elapsed'}>
        {hasEnded(run.status) ? (
          <code>{fineDuration(run.durationMs)}</code>
        ) : (
          <Since at={run.startedAt ?? run.createdAt} />
        )}
      </Fact>
      {!hasEnded(run.status) && <Left run={run} />}
      <Fact name="Worker">
        {run.worker ? (
          <>
            <code>{run.worker.host ?? 'gone'}</code> <span className="dim">epoch {run.worker.epoch}</span>
          </>
        ) : (
          <code>{run.host ?? 'any host'}</code>
        )}
      </Fact>
      {run.mayCall.map(({ of, tools }) => (
        <Fact key={of} name={`May call (${of})`}>
          <code title={tools.join('\n')}>{toolsText(tools)}</code>
        </Fact>
      ))}
      {run.cost && (
        <Fact name="Cost">
          <code title={costParts(run.cost).join('\n')}>{costText(run.cost)}</code>
        </Fact>
      )}
      {run.intent && (
        <Fact name="Intent">
          <Link className="link mono" to="/approvals" search={{ intent: run.intent }}>
            {shortRun(run.intent)}
          </Link>
        </Fact>
      )}
      {run.approvals.map(({ by, at, reason, breakGlass }) => (
        <Fact key={`${by} ${at}`} name={SAID[saidOf({ breakGlass }, run)]}>
          <details>
            <summary>
              <span title={visible(by)}>{askerText(by)}</span>{' '}
              <time className="dim" dateTime={at}>
                {fullTime(new Date(at))}
              </time>
            </summary>
            <p className="mut">{visible(reason)}</p>
          </details>
        </Fact>
      ))}
      {run.parent && (
        <Fact name="Re-run of">
          <Link className="link mono" to="/runs/$run" params={{ run: run.parent }}>
            {shortRun(run.parent)}
          </Link>
        </Fact>
      )}
    </dl>
  );
}

const SAID: Readonly<Record<Said, string>> = {
  approved: 'Approved by',
  rejected: 'Rejected by',
  broke: 'Glass broken by',
  askedToBreak: 'Asked to break the glass',
};

const SHOWN_TOOLS = 3;

function toolsText(tools: readonly string[]): string {
  const more = tools.length > SHOWN_TOOLS ? ` and ${tools.length - SHOWN_TOOLS} more` : '';
  return tools.length === 0 ? 'nothing' : `${tools.slice(0, SHOWN_TOOLS).join(', ')}${more}`;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Left({ run }: { run: Run }) {
  const { data } = useQuery({ ...estimateQuery(run.runId), refetchInterval: 15_000 });
  if (!data) return <Fact name="Left, P50 / P90">…</Fact>;
  return (
    <Fact name="Left, P50 / P90">
      <LeftOf estimate={data} />
    </Fact>
  );
}

/** Between two readings the clock goes on: what was left then is less now. */
function LeftOf({ estimate: { p50Ms, p90Ms, runs, basis, at, persons, over } }: { estimate: Estimate }) {
  const sinceMs = useNow(1000).getTime() - Date.parse(at);
  if (p50Ms === null || p90Ms === null) return <span className="dim">no history</span>;
  const left = (ms: number) => duration(Math.max(0, ms - sinceMs));
  const of = `${runs} ${runs === 1 ? 'run' : 'runs'}${basis === 'title' ? ' of this title' : ''}`;
  const without = persons.length > 0 ? `, without waiting at ${persons.join(', ')}` : '';
  return (
    <span title={`From ${of}, along the critical path${without}.`}>
      <code>
        {left(p50Ms)} / {left(p90Ms)}
      </code>{' '}
      <span className="dim">
        of {of}
        {over.length > 0 && `; ${over[0]} takes longer than ever`}
      </span>
    </span>
  );
}
