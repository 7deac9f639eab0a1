import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, read } from '../api/client.js';
import { useAct } from '../ui/act.js';
import { Button } from '../ui/button.js';
import { Refusal } from '../ui/refusal.js';
import { Time } from '../ui/time.js';
import { toast } from '../ui/toast.js';
import { visible } from '../ui/visible.js';
import { Part } from './part.js';
import styles from './settings.module.css';

/** What was told, what waits to be, and why something did not arrive. */
export function NotificationLog() {
  const list = useQuery({
    queryKey: ['notifications'],
    queryFn: () => read(api.GET('/v1/notifications')),
    refetchInterval: 10_000,
  });
  const all = list.data?.notifications ?? [];
  return (
    <Part title="Lately told" about="The newest fifty; kept for 30 days.">
      {list.error && <Refusal error={list.error} />}
      {list.data && all.length === 0 && <p className="mut">Nothing has been told yet.</p>}
      {all.length > 0 && (
        <div className={styles['scroll']}>
          <table className={styles['table']}>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col" className={styles['wide']}>
                  What
                </th>
                <th scope="col" className={styles['spare']}>
                  Rule
                </th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              {all.map((one) => (
                <tr key={one.notificationId}>
                  <td>
                    <Time at={one.createdAt} />
                  </td>
                  <td className={styles['wide']} title={one.error ?? one.title}>
                    <Link to={one.path} className="link">
                      {one.event}: {visible(one.title)}
                    </Link>
                    {one.error !== null && <span className="mut"> {visible(one.error)}</span>}
                  </td>
                  <td className={styles['spare']}>{one.rule}</td>
                  <td>
                    <Told status={one.status} dueAt={one.dueAt} id={one.notificationId} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Part>
  );
}

function Told({ status, dueAt, id }: { status: string; dueAt: string; id: string }) {
  const client = useQueryClient();
  const retry = useAct(
    () =>
      read(api.POST('/v1/notifications/{notification}/retry', { params: { path: { notification: id } }, body: {} })),
    {
      onSuccess: () => client.invalidateQueries({ queryKey: ['notifications'] }),
      onError: (error) => toast.error(error.message),
    },
  );
  if (status === 'failed')
    return (
      <Button why={retry.busy} onClick={() => retry.go()}>
        Tell again
      </Button>
    );
  if (status !== 'pending') return status;
  return (
    <>
      due <Time at={dueAt} />
    </>
  );
}
