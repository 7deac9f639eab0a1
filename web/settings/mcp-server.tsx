import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { useAct } from '../ui/act.js';
import { Button } from '../ui/button.js';
import { Confirm } from '../ui/confirm.js';
import { Dialog } from '../ui/dialog.js';
import { Refusal } from '../ui/refusal.js';
import type { McpServer } from './mcp-data.js';
import { McpSignIn } from './mcp-sign-in.js';
import { McpTools } from './mcp-tools.js';
import styles from './settings.module.css';

interface Props {
  of: McpServer;
  why: string | undefined;
  onClose: () => void;
}

/** One server: how it is reached, what its tools say, and what can be done with it. */
export function McpServerDialog({ of: server, why, onClose }: Props) {
  const [removing, setRemoving] = useState(false);
  const client = useQueryClient();
  const anew = () => client.invalidateQueries({ queryKey: ['mcp'] });
  const options = { params: { path: { server: server.name } }, body: {} };
  const look = useAct(() => read(api.POST('/v1/mcp/servers/{server}/check', options)), { onSuccess: anew });
  const disabled = server.enabled ? undefined : 'It is disabled.';
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={server.name}
      about={<span className={styles['breaks']}>{reached(server)}</span>}
      actions={
        <>
          <Button why={why} onClick={() => setRemoving(true)}>
            Remove
          </Button>
          <McpSignIn of={server} why={why} />
          <Button why={why ?? look.busy ?? disabled} onClick={() => look.go()}>
            Look again for tools
          </Button>
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      {look.error && <Refusal error={look.error} />}
      {server.error && <p role="status">{server.error.message}</p>}
      {server.signIn && (
        <p className="mut">
          Signed in by {server.signIn.by} at <span className={styles['breaks']}>{server.signIn.issuer}</span>
          {server.signIn.refused === null ? '.' : '; it is no longer taken: sign in again.'}
        </p>
      )}
      <McpTools server={server.name} why={why} />
      {removing && (
        <Confirm
          title={`Remove the MCP server "${server.name}"?`}
          about="Plans that use its tools cannot run any more, and who consented to what is forgotten. Runs and the audit log stay."
          word="Remove"
          act={async () => {
            await read(api.POST('/v1/mcp/servers/{server}/remove', options));
            await anew();
          }}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

function reached({ connection }: McpServer): string {
  if (connection.transport !== 'stdio') return connection.url;
  return [connection.command, ...connection.args].join(' ');
}
