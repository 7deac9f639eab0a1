import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import type { Me } from '../api/me.js';
import { useAct } from '../ui/act.js';
import { Button } from '../ui/button.js';
import { Confirm } from '../ui/confirm.js';
import { lacks } from '../ui/lacks.js';
import { Refusal } from '../ui/refusal.js';
import { Time } from '../ui/time.js';
import { toast } from '../ui/toast.js';
import { McpTools } from './mcp-tools.js';
import { NewMcpServer } from './new-mcp-server.js';
import { Part } from './part.js';
import styles from './settings.module.css';

const load = () => read(api.GET('/v1/mcp/servers'));
type Server = Awaited<ReturnType<typeof load>>['servers'][number];

/** A server is looked at every five minutes, and sooner when it says that its tools have changed. */
const LOOK_AGAIN_MS = 10_000;

/** MCP servers whose tools plans may use as steps. */
export function Mcp({ me }: { me: Me }) {
  const [making, setMaking] = useState(false);
  const list = useQuery({ queryKey: ['mcp', 'servers'], queryFn: load, refetchInterval: LOOK_AGAIN_MS });
  const why = lacks(me, 'room:admin');
  return (
    <Part
      title="MCP servers"
      about="Their tools are steps of plans: mcp:SERVER:TOOL. What a tool says otherwise than it did waits for somebody to look."
      action={
        <Button why={why} onClick={() => setMaking(true)}>
          New MCP server
        </Button>
      }
    >
      {list.error && <Refusal error={list.error} />}
      {list.data && <ServerTable servers={list.data.servers} why={why} />}
      {making && <NewMcpServer onClose={() => setMaking(false)} />}
    </Part>
  );
}

function ServerTable({ servers, why }: { servers: readonly Server[]; why: string | undefined }) {
  const [shown, setShown] = useState<string>();
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Server</th>
            <th scope="col" className={styles['wide']}>
              Reached by
            </th>
            <th scope="col">State</th>
            <th scope="col" className={styles['spare']}>
              Looked at
            </th>
            <th scope="col">Do</th>
          </tr>
        </thead>
        <tbody>
          {servers.map((server) => (
            <tr key={server.serverId} className={server.enabled ? undefined : styles['over']}>
              <td>{server.name}</td>
              <td className={styles['wide']} title={reached(server)}>
                {reached(server)}
              </td>
              <td title={server.error?.message}>{stateOf(server)}</td>
              <td className={styles['spare']}>
                <Time at={server.lookedAt} />
              </td>
              <td>
                <Actions of={server} why={why} onShow={() => setShown(server.name)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown !== undefined && <McpTools server={shown} why={why} onClose={() => setShown(undefined)} />}
    </div>
  );
}

function reached({ connection }: Server): string {
  if (connection.transport !== 'stdio') return connection.url;
  return [connection.command, ...connection.args].join(' ');
}

function stateOf({ enabled, state, error, tools: { total, flagged } }: Server): string {
  if (!enabled) return 'disabled';
  if (state === 'failing') return `does not answer: ${error?.message ?? ''}`;
  if (state === 'unknown') return 'not looked at yet';
  return flagged === 0 ? `${total} tools` : `${total} tools, ${flagged} to look at`;
}

function Actions({ of: { name, enabled }, why, onShow }: { of: Server; why: string | undefined; onShow: () => void }) {
  const [removing, setRemoving] = useState(false);
  const client = useQueryClient();
  const anew = () => client.invalidateQueries({ queryKey: ['mcp'] });
  const options = { params: { path: { server: name } }, body: {} };
  const onError = (error: Error) => toast.error(error.message);
  const turn = useAct(
    () =>
      read(
        enabled
          ? api.POST('/v1/mcp/servers/{server}/disable', options)
          : api.POST('/v1/mcp/servers/{server}/enable', options),
      ),
    { onSuccess: anew, onError },
  );
  const check = useAct(() => read(api.POST('/v1/mcp/servers/{server}/check', options)), { onSuccess: anew, onError });
  return (
    <div className={styles['actions']}>
      <Button onClick={onShow}>Tools</Button>
      <Button why={why ?? check.busy ?? (enabled ? undefined : 'It is disabled.')} onClick={() => check.go()}>
        Look now
      </Button>
      <Button why={why ?? turn.busy} onClick={() => turn.go()}>
        {enabled ? 'Disable' : 'Enable'}
      </Button>
      <Button why={why} onClick={() => setRemoving(true)}>
        Remove
      </Button>
      {removing && (
        <Confirm
          title={`Remove the MCP server "${name}"?`}
          about="Plans that use its tools cannot run any more, and who consented to what is forgotten. Runs and the audit log stay."
          word="Remove"
          act={async () => {
            await read(api.POST('/v1/mcp/servers/{server}/remove', options));
            await anew();
          }}
          onClose={() => setRemoving(false)}
        />
      )}
    </div>
  );
}
