import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import type { Me } from '../api/me.js';
import { useAct } from '../ui/act.js';
import { Button } from '../ui/button.js';
import { CopyButton } from '../ui/copy.js';
import { Dialog } from '../ui/dialog.js';
import { lacks } from '../ui/lacks.js';
import { Refusal } from '../ui/refusal.js';
import { Time } from '../ui/time.js';
import { toast } from '../ui/toast.js';
import { visible } from '../ui/visible.js';
import { Became } from './became.js';
import styles from './settings.module.css';

interface Props {
  of: { readonly name: string; readonly url: string };
  me: Me;
  onClose: () => void;
}

/** What came to a webhook with a signature that holds, and what became of it; and its address, for whoever sets up the sender. */
export function WebhookDeliveries({ of: { name: webhook, url }, me, onClose }: Props) {
  const params = { path: { webhook }, query: { limit: 20 } };
  const client = useQueryClient();
  const list = useQuery({
    queryKey: ['webhooks', webhook],
    queryFn: () => read(api.GET('/v1/webhooks/{webhook}/deliveries', { params })),
  });
  const again = useAct(
    (delivery: string) => {
      const path = { webhook, delivery };
      return read(api.POST('/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver', { params: { path }, body: {} }));
    },
    {
      onSuccess: ({ state, reason }) => {
        if (state === 'refused') toast.error(reason ?? 'It was refused.');
        else toast(`It is ${state}.`);
        return client.invalidateQueries({ queryKey: ['webhooks'] });
      },
      onError: (error) => toast.error(error.message),
    },
  );
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
      <p>
        <code>{url}</code> <CopyButton text={url} what="the address" />
      </p>
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
            {list.data.deliveries.map(({ deliveryId, receivedAt, event, state, reason, runId, intentId, cut }) => (
              <tr key={deliveryId}>
                <td>
                  <Time at={receivedAt} />
                </td>
                <td>{visible(event)}</td>
                <td>
                  <Became text={state} runId={runId} intentId={intentId} />
                </td>
                <td>{reason === null ? <span className="dim">–</span> : visible(reason)}</td>
                <td>
                  <Button
                    why={lacks(me, 'run:start') ?? (cut ? 'Its body was too long to be kept.' : again.busy)}
                    onClick={() => again.go(deliveryId)}
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
