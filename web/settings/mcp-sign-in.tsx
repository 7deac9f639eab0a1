import { useQueryClient } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import { useAct } from '../ui/act.js';
import { Button } from '../ui/button.js';
import { toast } from '../ui/toast.js';
import type { McpServer } from './mcp-data.js';

const UNHEARD =
  'Signed out here, but its authorisation server has not answered that the tokens are revoked: they may stay valid until they expire. End them there as well.';
const UNSUPPORTED =
  'Signed out here. Its authorisation server does not revoke tokens: they stay valid until they expire.';

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
    onSuccess: ({ revocation }) => {
      if (revocation === 'unheard') toast.error(UNHEARD);
      if (revocation === 'unsupported') toast(UNSUPPORTED);
      return client.invalidateQueries({ queryKey: ['mcp'] });
    },
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
