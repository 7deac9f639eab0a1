import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { api, read } from '../../api/client.js';
import type { Attempt } from '../data.js';
import pane from '../inspector/inspector.module.css';
import type { PaneProps } from '../inspector/pane-props.js';
import { LogBar } from './log-bar.js';
import { LogLines } from './log-lines.js';
import styles from './log-pane.module.css';
import type { LogKey } from './use-log.js';

/** What one attempt of the step printed. */
export function LogPane(props: PaneProps) {
  const { run, step, detail, address } = props;
  if (detail.items && address.item < 0)
    return <p className={pane['none']}>Each item has a log of its own: choose one in the overview.</p>;
  const attempt = detail.attempts.find((one) => one.attempt === address.attempt) ?? detail.attempts.at(-1);
  if (!attempt) return <p className={pane['none']}>It was not begun: there is no log yet.</p>;
  if (attempt.reusedFrom !== null)
    return <p className={pane['none']}>It was taken over from run {attempt.reusedFrom.slice(-8)}; its log is there.</p>;
  const key = {
    run: run.runId,
    step: step.id,
    item: address.item,
    revision: attempt.revision,
    attempt: attempt.attempt,
  };
  return <One key={JSON.stringify(key)} {...props} logKey={key} attempt={attempt} />;
}

function One({ detail, address, onGo, logKey, attempt }: PaneProps & { logKey: LogKey; attempt: Attempt }) {
  const [wrap, setWrap] = useState(true);
  const [wanted, setWanted] = useState('');
  const live = attempt.status === 'running';
  const [follow, setFollow] = useState(live && address.line === undefined);
  const found = useFound(logKey, useDeferredValue(wanted.trim()), attempt.logLines);
  const toLine = (line: number | undefined) => {
    setFollow(false);
    onGo({ tab: 'logs', attempt: attempt.attempt, line });
  };
  return (
    <div className={styles['pane']}>
      <LogBar
        logKey={logKey}
        attempts={detail.attempts}
        onAttempt={(next) => onGo({ tab: 'logs', attempt: next, line: undefined })}
        wanted={wanted}
        onWanted={setWanted}
        found={found}
        line={address.line}
        onLine={toLine}
        wrap={wrap}
        onWrap={setWrap}
        follow={live ? follow : undefined}
        onFollow={setFollow}
      />
      <LogLines
        logKey={logKey}
        live={live}
        wrap={wrap}
        wanted={wanted.trim()}
        line={address.line}
        onLine={toLine}
        follow={live && follow}
        atEnd={attempt.status === 'failed' || attempt.status === 'unknown'}
        onLeave={() => setFollow(false)}
      />
    </div>
  );
}

/** The lines that hold a text, however long the log is: the room looks for it. */
function useFound({ run, ...query }: LogKey, text: string, lines: number) {
  return useQuery({
    queryKey: ['runs', run, 'found', query, text, lines],
    enabled: text !== '',
    placeholderData: (before) => before,
    queryFn: () =>
      read(api.GET('/v1/runs/{run}/logs/search', { params: { path: { run }, query: { ...query, text } } })),
  }).data;
}
