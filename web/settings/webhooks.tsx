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
import { NewWebhook, ShownSecret } from './new-webhook.js';
import { Part } from './part.js';
import styles from './settings.module.css';
import { WebhookDeliveries } from './webhook-deliveries.js';

interface Webhook {
  readonly name: string;
  readonly title: string;
  readonly form: string;
  readonly url: string;
  readonly paused: boolean;
  readonly last: { readonly state: string; readonly reason: string | null } | null;
}

/** Addresses to which senders post signed events that start plans. */
export function Webhooks({ me }: { me: Me }) {
  const [making, setMaking] = useState(false);
  const list = useQuery({ queryKey: ['webhooks'], queryFn: () => read(api.GET('/v1/webhooks')) });
  const why = lacks(me, 'trigger:manage');
  const webhooks = list.data?.webhooks;
  return (
    <Part
      title="Webhooks"
      about="Signed events from outside that start plans. What is not signed is refused."
      action={
        <Button why={why} onClick={() => setMaking(true)}>
          New webhook
        </Button>
      }
    >
      {list.error && <Refusal error={list.error} />}
      {webhooks?.length === 0 && (
        <Empty
          title="No webhooks yet"
          command="npx opsroom webhooks add shop-push --form github --plan ops/deploy.yaml --map ref=payload.after"
        >
          A push, a release or the end of a build elsewhere starts a plan here, with inputs made of the event.
        </Empty>
      )}
      {webhooks && webhooks.length > 0 && <WebhookTable webhooks={webhooks} me={me} />}
      {making && <NewWebhook onClose={() => setMaking(false)} />}
    </Part>
  );
}

function WebhookTable({ webhooks, me }: { webhooks: readonly Webhook[]; me: Me }) {
  const [shown, setShown] = useState<Webhook>();
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Webhook</th>
            <th scope="col" className={styles['wide']}>
              Starts
            </th>
            <th scope="col" className={styles['spare']}>
              Signed as
            </th>
            <th scope="col">Last</th>
            <th scope="col">Do</th>
          </tr>
        </thead>
        <tbody>
          {webhooks.map((one) => (
            <tr key={one.name} className={one.paused ? styles['over'] : undefined}>
              <td>{one.name}</td>
              <td className={styles['wide']} title={one.title}>
                {one.title}
              </td>
              <td className={styles['spare']}>{one.form}</td>
              <td title={one.last?.reason ?? undefined}>
                {one.paused ? 'paused' : (one.last?.state ?? <span className="dim">–</span>)}
              </td>
              <td>
                <Actions of={one} why={lacks(me, 'trigger:manage')} onShow={() => setShown(one)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown !== undefined && <WebhookDeliveries of={shown} me={me} onClose={() => setShown(undefined)} />}
    </div>
  );
}

interface ActionProps {
  of: Webhook;
  why: string | undefined;
  onShow: () => void;
}

function Actions({ of: { name, paused }, why, onShow }: ActionProps) {
  const [asking, setAsking] = useState<'remove' | 'rotate'>();
  const [secret, setSecret] = useState<{ url: string; secret: string }>();
  const client = useQueryClient();
  const anew = () => client.invalidateQueries({ queryKey: ['webhooks'] });
  const options = { params: { path: { webhook: name } }, body: {} };
  const pause = useAct(
    () =>
      read(
        paused ? api.POST('/v1/webhooks/{webhook}/resume', options) : api.POST('/v1/webhooks/{webhook}/pause', options),
      ),
    { onSuccess: anew, onError: (error) => toast.error(error.message) },
  );
  return (
    <div className={styles['actions']}>
      <Button onClick={onShow}>Events</Button>
      <Button why={why ?? pause.busy} onClick={() => pause.go()}>
        {paused ? 'Go on' : 'Pause'}
      </Button>
      <Button why={why} onClick={() => setAsking('rotate')}>
        New secret
      </Button>
      <Button why={why} onClick={() => setAsking('remove')}>
        Remove
      </Button>
      {asking === 'remove' && (
        <Confirm
          title={`Remove the webhook "${name}"?`}
          about="Its address answers nobody any more, and the list of what came goes with it. Runs and the audit log stay."
          word="Remove"
          act={async () => {
            await read(api.POST('/v1/webhooks/{webhook}/remove', options));
            await anew();
          }}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking === 'rotate' && (
        <Confirm
          title={`A new secret for "${name}"?`}
          about="It is shown once. The one before stays good for a day, so that the sender can change over."
          word="Make it"
          act={async () => setSecret(await read(api.POST('/v1/webhooks/{webhook}/rotate-secret', options)))}
          onClose={() => setAsking(undefined)}
        />
      )}
      {secret && <ShownSecret name={name} {...secret} onClose={() => setSecret(undefined)} />}
    </div>
  );
}
