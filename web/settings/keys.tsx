import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import type { Me } from '../api/me.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { useNow } from '../ui/now.js';
import { Refusal } from '../ui/refusal.js';
import { Time } from '../ui/time.js';
import { type Key, stateOf } from './key-state.js';
import { NewKey } from './new-key.js';
import { Part } from './part.js';
import { RevokeKey } from './revoke-key.js';
import { Rows } from './rows.js';
import styles from './settings.module.css';

/** Keys of programs: made, listed, revoked; the key itself is shown when it is made, and never again. */
export function Keys({ me }: { me: Me }) {
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Key>();
  const list = useQuery({ queryKey: ['keys'], queryFn: () => read(api.GET('/v1/keys')) });
  const keys = list.data?.keys;
  return (
    <Part
      title="API keys"
      about="For programs and agents: x-api-key. Each does what its scopes say."
      action={<Button onClick={() => setMaking(true)}>New key</Button>}
    >
      {list.error && <Refusal error={list.error} />}
      {keys?.length === 0 && (
        <Empty title="No keys yet" command="npx opsroom keys create --name ci --scope run:read,run:start">
          A key lets a program start runs and follow them. Make one here, or from the command line.
        </Empty>
      )}
      {keys && keys.length > 0 && <KeyTable keys={keys} onRevoke={setRevoking} />}
      {making && <NewKey mine={me.permissions} onClose={() => setMaking(false)} />}
      {revoking && <RevokeKey of={revoking} onClose={() => setRevoking(undefined)} />}
    </Part>
  );
}

const COLUMNS = [
  { text: 'Name' },
  { text: 'Key', room: 'spare' },
  { text: 'Agent', room: 'spare' },
  { text: 'Scopes', room: 'wide' },
  { text: 'Expires' },
  { text: 'Last used', room: 'spare' },
  { text: 'State' },
] as const;

function KeyTable({ keys, onRevoke }: { keys: readonly Key[]; onRevoke: (key: Key) => void }) {
  const now = useNow(60_000);
  return (
    <Rows columns={COLUMNS}>
      {keys.map((key) => {
        const state = stateOf(key, now);
        return (
          <tr key={key.keyId} className={state === 'in use' ? undefined : styles['over']}>
            <td>{key.name}</td>
            <td className={styles['spare']}>
              <code>{key.hint}…</code>
            </td>
            <td className={styles['spare']}>{key.agent ?? <span className="dim">–</span>}</td>
            <td className={styles['wide']} title={key.scopes.join(', ')}>
              {key.scopes.join(', ')}
            </td>
            <td>{key.expiresAt === null ? 'never' : <Time at={key.expiresAt} />}</td>
            <td className={styles['spare']}>{key.lastUsedAt === null ? 'never' : <Time at={key.lastUsedAt} />}</td>
            <td>{state === 'in use' ? <Button onClick={() => onRevoke(key)}>Revoke</Button> : state}</td>
          </tr>
        );
      })}
    </Rows>
  );
}
