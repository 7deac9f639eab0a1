import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import type { Me } from '../api/me.js';
import { useAct } from '../ui/act.js';
import { Button } from '../ui/button.js';
import { Confirm } from '../ui/confirm.js';
import { Empty } from '../ui/empty.js';
import { lacks } from '../ui/lacks.js';
import { Refusal } from '../ui/refusal.js';
import { toast } from '../ui/toast.js';
import { NewSchedule } from './new-schedule.js';
import { Part } from './part.js';
import { ScheduleTimes } from './schedule-times.js';
import { fireText, localText } from './schedule-words.js';
import styles from './settings.module.css';

interface Schedule {
  readonly name: string;
  readonly title: string;
  readonly cron: string;
  readonly zone: string;
  readonly paused: boolean;
  readonly next: { readonly local: string } | null;
  readonly last: { readonly state: string; readonly times: number; readonly reason: string | null } | null;
}

/** Plans that start at the times of a cron expression. */
export function Schedules({ me }: { me: Me }) {
  const [making, setMaking] = useState(false);
  const list = useQuery({ queryKey: ['schedules'], queryFn: () => read(api.GET('/v1/schedules')) });
  const why = lacks(me, 'trigger:manage');
  const schedules = list.data?.schedules;
  return (
    <Part
      title="Schedules"
      about="Plans that start at set times. Each asks with the rights that its maker has then."
      action={
        <Button why={why} onClick={() => setMaking(true)}>
          New schedule
        </Button>
      }
    >
      {list.error && <Refusal error={list.error} />}
      {schedules?.length === 0 && (
        <Empty
          title="Nothing is scheduled yet"
          command='npx opsroom schedules add nightly --cron "30 2 * * 1-5" --zone Europe/Berlin --plan ops/backup.md'
        >
          A schedule starts a plan or a runbook at the times of a cron expression, in a time zone.
        </Empty>
      )}
      {schedules && schedules.length > 0 && <ScheduleTable schedules={schedules} me={me} />}
      {making && <NewSchedule onClose={() => setMaking(false)} />}
    </Part>
  );
}

function ScheduleTable({ schedules, me }: { schedules: readonly Schedule[]; me: Me }) {
  const [shown, setShown] = useState<string>();
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Schedule</th>
            <th scope="col" className={styles['wide']}>
              Starts
            </th>
            <th scope="col" className={styles['spare']}>
              When
            </th>
            <th scope="col">Next</th>
            <th scope="col" className={styles['spare']}>
              Last
            </th>
            <th scope="col">Do</th>
          </tr>
        </thead>
        <tbody>
          {schedules.map((one) => (
            <tr key={one.name} className={one.paused ? styles['over'] : undefined}>
              <td>{one.name}</td>
              <td className={styles['wide']} title={one.title}>
                {one.title}
              </td>
              <td className={styles['spare']} title={one.zone}>
                <code>{one.cron}</code> {one.zone}
              </td>
              <td>{one.next ? localText(one.next.local) : 'paused'}</td>
              <td className={styles['spare']} title={one.last?.reason ?? undefined}>
                {one.last ? fireText(one.last) : <span className="dim">–</span>}
              </td>
              <td>
                <Actions of={one} why={lacks(me, 'trigger:manage')} onShow={() => setShown(one.name)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown !== undefined && <ScheduleTimes schedule={shown} me={me} onClose={() => setShown(undefined)} />}
    </div>
  );
}

interface ActionProps {
  of: Schedule;
  why: string | undefined;
  onShow: () => void;
}

function Actions({ of: { name, paused }, why, onShow }: ActionProps) {
  const [removing, setRemoving] = useState(false);
  const client = useQueryClient();
  const anew = () => client.invalidateQueries({ queryKey: ['schedules'] });
  const options = { params: { path: { schedule: name } }, body: {} };
  const pause = useAct(
    () =>
      read(
        paused
          ? api.POST('/v1/schedules/{schedule}/resume', options)
          : api.POST('/v1/schedules/{schedule}/pause', options),
      ),
    { onSuccess: anew, onError: (error) => toast.error(error.message) },
  );
  return (
    <div className={styles['actions']}>
      <Button onClick={onShow}>Times</Button>
      <Button why={why ?? pause.busy} onClick={() => pause.go()}>
        {paused ? 'Go on' : 'Pause'}
      </Button>
      <Button why={why} onClick={() => setRemoving(true)}>
        Remove
      </Button>
      {removing && (
        <Confirm
          title={`Remove the schedule "${name}"?`}
          about="It starts nothing more, and the list of its times goes with it. Its runs and the audit log stay."
          word="Remove"
          act={async () => {
            await read(api.POST('/v1/schedules/{schedule}/remove', options));
            await anew();
          }}
          onClose={() => setRemoving(false)}
        />
      )}
    </div>
  );
}
