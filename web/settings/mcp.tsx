import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import type { Me } from '../api/me.js';
import { useAct } from '../ui/act.js';
import { Button } from '../ui/button.js';
import { lacks } from '../ui/lacks.js';
import { Refusal } from '../ui/refusal.js';
import { Time } from '../ui/time.js';
import { toast } from '../ui/toast.js';
import { loadServers, type McpServer } from './mcp-data.js';
import { McpServerDialog } from './mcp-server.js';
import { NewMcpServer } from './new-mcp-server.js';
import { Part } from './part.js';
import styles from './settings.module.css';

/** A server is looked at every five minutes, and sooner when it says that its tools have changed. */
const LOOK_AGAIN_MS = 10_000;

/** MCP servers whose tools plans may use as steps. */
export function Mcp({ me }: { me: Me }) {
  const [making, setMaking] = useState(false);
  const list = useQuery({ queryKey: ['mcp', 'servers'], queryFn: loadServers, refetchInterval: LOOK_AGAIN_MS });
  const why = lacks(me, 'room:admin');
  return (
    <Part
      title="MCP servers"
      about="Their tools are steps of plans: mcp:SERVER:TOOL. A tool whose definition changed waits until somebody agrees to it."
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

function ServerTable({ servers, why }: { servers: readonly McpServer[]; why: string | undefined }) {
  const [chosen, setChosen] = useState<string>();
  const shown = servers.find(({ serverId }) => serverId === chosen);
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Server</th>
            <th scope="col" className={styles['wide']}>
              State
            </th>
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
              <td className={styles['wide']} title={stateOf(server)}>
                {stateOf(server)}
              </td>
              <td className={styles['spare']}>
                <Time at={server.lookedAt} />
              </td>
              <td>
                <div className={styles['actions']}>
                  <Button onClick={() => setChosen(server.serverId)}>Tools</Button>
                  <Turn of={server} why={why} />
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown && <McpServerDialog of={shown} why={why} onClose={() => setChosen(undefined)} />}
    </div>
  );
}

function stateOf({ enabled, state, error, tools: { total, flagged } }: McpServer): string {
  if (!enabled) return 'disabled';
  if (state === 'failing') return `does not answer: ${error?.message ?? ''}`;
  if (state === 'unknown') return 'not looked at yet';
  return flagged === 0 ? `${total} tools` : `${total} tools, ${flagged} to look at`;
}

function Turn({ of: { name, enabled }, why }: { of: McpServer; why: string | undefined }) {
  const client = useQueryClient();
  const options = { params: { path: { server: name } }, body: {} };
  const turn = useAct(
    () =>
      read(
        enabled
          ? api.POST('/v1/mcp/servers/{server}/disable', options)
          : api.POST('/v1/mcp/servers/{server}/enable', options),
      ),
    {
      onSuccess: () => client.invalidateQueries({ queryKey: ['mcp'] }),
      onError: (error) => toast.error(error.message),
    },
  );
  return (
    <Button why={why ?? turn.busy} onClick={() => turn.go()}>
      {enabled ? 'Disable' : 'Enable'}
    </Button>
  );
}
