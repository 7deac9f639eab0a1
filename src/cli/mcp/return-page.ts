import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpsroomError } from '#kit/errors.js';

/** What a person comes back with. */
export interface CameBack {
  readonly state: string;
  readonly code: string;
  readonly iss?: string;
}

export interface ReturnPage {
  /** Where the browser of this machine comes back to. */
  readonly url: string;
  /**
   * Resolves when somebody comes back from the page with this state; whoever else calls is sent away.
   * @throws OpsroomError MCP_SIGN_IN when they were refused there, or did not come in time
   */
  wait(state: string, withinMs: number): Promise<CameBack>;
  close(): void;
}

const PATH = '/signed-in';
const HEADERS = {
  'content-type': 'text/plain; charset=utf-8',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** A page of this machine alone, at a port that is free. */
export async function openReturnPage(): Promise<ReturnPage> {
  let wanted: { state: string; came: (query: URLSearchParams) => void } | undefined;
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const isWanted = request.method === 'GET' && pathname === PATH && searchParams.get('state') === wanted?.state;
    response.writeHead(isWanted ? 200 : 404, HEADERS);
    response.end(
      isWanted ? 'Thank you. Go back to the terminal; this page can be closed.\n' : 'There is nothing here.\n',
    );
    if (isWanted) wanted?.came(searchParams);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`,
    wait: (state, withinMs) =>
      new Promise((resolve, reject) => {
        const late = () => reject(new OpsroomError('MCP_SIGN_IN', { what: 'Nobody came back from signing in.' }));
        const timer = setTimeout(late, withinMs);
        wanted = {
          state,
          came: (query) => {
            clearTimeout(timer);
            const read = cameBack(query);
            if (read instanceof OpsroomError) reject(read);
            else resolve(read);
          },
        };
      }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What stands in the address that a person came back to. */
export function cameBack(query: URLSearchParams): CameBack | OpsroomError {
  const {
    state = '',
    code = '',
    iss,
    error,
    error_description: more,
  } = Object.fromEntries(query) as Record<string, string>;
  if (code !== '') return { state, code, ...(iss === undefined ? {} : { iss }) };
  const why = [error, more]
    .filter((word) => word !== undefined)
    .join(': ')
    .slice(0, 300);
  return new OpsroomError('MCP_SIGN_IN', { what: `The sign-in was refused there${why === '' ? '' : `: ${why}`}.` });
}
