import { useQueryClient } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import { useAct } from '../ui/act.js';
import { Button } from '../ui/button.js';
import { toast } from '../ui/toast.js';
import type { McpServer } from './mcp-data.js';

/** Signs the room in at a server at an address, or out of it. */
export function McpSignIn({ of: server, why }: { of: McpServer; why: string | undefined }) {
  const client = useQueryClient();
  const options = { params: { path: { server: server.name } }, body: {} };
  const told = { onError: (error: Error) => toast.error(error.message) };
  const begin = useAct(() => read(api.POST('/v1/mcp/servers/{server}/sign-in', options)), {
    ...told,
    onSuccess: ({ page }) => window.location.assign(page),
  });
  const end = useAct(() => read(api.POST('/v1/mcp/servers/{server}/sign-out', options)), {
    ...told,
    onSuccess: () => client.invalidateQueries({ queryKey: ['mcp'] }),
  });
  if (server.connection.transport === 'stdio') return null;
  return (
    <>
      {server.signIn && (
        <Button why={why ?? end.busy} onClick={() => end.go()}>
          Sign out
        </Button>
      )}
      <Button why={why ?? begin.busy} onClick={() => begin.go()}>
        {server.signIn ? 'Sign in again' : 'Sign in'}
      </Button>
    </>
  );
}
