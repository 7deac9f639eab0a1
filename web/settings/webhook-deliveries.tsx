import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Refusal } from '../ui/refusal.js';
import { Time } from '../ui/time.js';
import { toast } from '../ui/toast.js';
import styles from './settings.module.css';

/** What came to a webhook with a signature that holds, and what became of it. */
export function WebhookDeliveries({ webhook, onClose }: { webhook: string; onClose: () => void }) {
  const params = { path: { webhook }, query: { limit: 20 } };
  const client = useQueryClient();
  const list = useQuery({
    queryKey: ['webhooks', webhook],
    queryFn: () => read(api.GET('/v1/webhooks/{webhook}/deliveries', { params })),
  });
  const again = useMutation({
    mutationFn: (delivery: string) => {
      const path = { webhook, delivery };
      return read(api.POST('/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver', { params: { path }, body: {} }));
    },
    onSuccess: ({ state, reason }) => {
      if (state === 'refused') toast.error(reason ?? 'It was refused.');
      else toast(`It is ${state}.`);
      return client.invalidateQueries({ queryKey: ['webhooks'] });
    },
    onError: (error) => toast.error(error.message),
  });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={`What came to "${webhook}"`}
      about="The latest that were signed. Delivered again, it is judged by your rights."
      actions={
        <Button look="go" onClick={onClose}>
          Close
        </Button>
      }
    >
      {list.error && <Refusal error={list.error} />}
      {list.data?.deliveries.length === 0 && <p className="mut">Nothing has come yet.</p>}
      {list.data && list.data.deliveries.length > 0 && (
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">Came</th>
              <th scope="col">Event</th>
              <th scope="col">What became of it</th>
              <th scope="col">Why</th>
              <th scope="col">Do</th>
            </tr>
          </thead>
          <tbody>
            {list.data.deliveries.map(({ deliveryId, receivedAt, event, state, reason, runId, cut }) => (
              <tr key={deliveryId}>
                <td>
                  <Time at={receivedAt} />
                </td>
                <td>{event}</td>
                <td>{runId === null ? state : <a href={`/runs/${runId}`}>{state}</a>}</td>
                <td>{reason ?? <span className="dim">–</span>}</td>
                <td>
                  <Button
                    why={cut ? 'its body was too long to be kept' : undefined}
                    onClick={() => again.mutate(deliveryId)}
                  >
                    Again
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  );
}
