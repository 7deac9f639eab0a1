import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import type { Me } from '../api/me.js';
import { useAct } from '../ui/act.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { lacks } from '../ui/lacks.js';
import { Refusal } from '../ui/refusal.js';
import { toast } from '../ui/toast.js';
import { Became } from './became.js';
import { fireText, localText } from './schedule-words.js';
import styles from './settings.module.css';

/** The next ten times of a schedule, and what became of those that have come. */
export function ScheduleTimes({ schedule, me, onClose }: { schedule: string; me: Me; onClose: () => void }) {
  const params = { path: { schedule } };
  const client = useQueryClient();
  const found = useQuery({
    queryKey: ['schedules', schedule],
    queryFn: () => read(api.GET('/v1/schedules/{schedule}', { params })),
  });
  const fire = useAct(() => read(api.POST('/v1/schedules/{schedule}/fire', { params, body: {} })), {
    onSuccess: ({ state, reason }) => {
      if (state === 'refused') toast.error(reason ?? 'It was refused.');
      else toast(state === 'started' ? 'It runs.' : 'It waits for an approval.');
      return client.invalidateQueries({ queryKey: ['schedules'] });
    },
    onError: (error) => toast.error(error.message),
  });
  const shown = found.data;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={`The times of "${schedule}"`}
      about={shown && `${shown.cron} in ${shown.zone}; ${shown.madeBy} answers for it.`}
      actions={
        <>
          <Button why={lacks(me, 'run:start') ?? fire.busy} onClick={() => fire.go()}>
            Run it now, as me
          </Button>
          <Button look="go" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <div className={styles['stack']}>
        {found.error && <Refusal error={found.error} />}
        {shown && (
          <ol className={styles['times']} aria-label="The next ten times">
            {shown.upcoming.map(({ at, local }) => (
              <li key={at}>{localText(local)}</li>
            ))}
          </ol>
        )}
        <Past schedule={schedule} />
      </div>
    </Dialog>
  );
}

function Past({ schedule }: { schedule: string }) {
  const query = { limit: 20 };
  const list = useQuery({
    queryKey: ['schedules', schedule, 'fires'],
    queryFn: () => read(api.GET('/v1/schedules/{schedule}/fires', { params: { path: { schedule }, query } })),
  });
  if (list.error) return <Refusal error={list.error} />;
  if (!list.data) return null;
  if (list.data.fires.length === 0) return <p className="mut">None of its times has come yet.</p>;
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">What became of it</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {list.data.fires.map(({ dueAt, local, state, times, reason, runId, intentId }) => (
          <tr key={dueAt}>
            <td>{localText(local)}</td>
            <td>
              <Became text={fireText({ state, times })} runId={runId} intentId={intentId} />
            </td>
            <td>{reason ?? <span className="dim">–</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
