import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { api, read } from '../api/client.js';
import { toast } from '../ui/toast.js';
import { type Returned, returnedWith } from './mcp-return.js';
import styles from './page.module.css';

/** Somebody comes back from signing in at an MCP server. The code leaves the address before anything else is done. */
export function McpReturnPage() {
  const client = useQueryClient();
  const navigate = useNavigate();
  useEffect(() => {
    const returned = returnedWith(window.location.search);
    window.history.replaceState(null, '', window.location.pathname);
    const done = returned === undefined ? Promise.resolve(undefined) : finish(returned);
    void done.then(async (words) => {
      if (words !== undefined) toast(words);
      await client.invalidateQueries({ queryKey: ['mcp'] });
      await navigate({ to: '/settings', search: { part: 'mcp' }, replace: true });
    });
  }, [client, navigate]);
  return (
    <main className={styles['page']}>
      <h1>Signing in …</h1>
    </main>
  );
}

async function finish(returned: Returned): Promise<string> {
  if ('refused' in returned) return `The sign-in was refused there: ${returned.refused}`;
  try {
    const { name, tools } = await read(api.POST('/v1/mcp/sign-ins', { body: returned }));
    return `Signed in at ${name}: ${tools.total} ${tools.total === 1 ? 'tool' : 'tools'}.`;
  } catch (error) {
    return error instanceof Error ? error.message : 'The sign-in failed.';
  }
}
