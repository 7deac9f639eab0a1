import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type HttpServer, startHttpServer } from './http-server.js';

export interface GitHostOptions {
  /** Holds the bare repositories. */
  readonly folder: string;
  /** The password of everybody, for reading too where a repository is not public. */
  readonly token: string;
  /** Names of repositories that anybody may read. */
  readonly open?: ReadonlySet<string>;
  /** Runs between a push and its answer. */
  readonly received: () => Promise<void>;
}

/** The git side of GitHub, which the emulator has not: git's own program over HTTP, for whoever has the token. */
export function startGitHost({ folder, token, open = new Set(), received }: GitHostOptions): Promise<HttpServer> {
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const { url = '' } = request;
    const [, name = ''] = /^\/(.+?)\.git\//.exec(url) ?? [];
    const isRead = open.has(name) && url.endsWith('git-upload-pack');
    if (!isRead && passwordOf(request) !== token) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' }).end();
      return;
    }
    const { headers, body } = await backend(folder, request);
    if (request.url?.endsWith('/git-receive-pack')) await received();
    const { status = '200', ...others } = headers;
    response.writeHead(Number.parseInt(status, 10), others).end(body);
  };
  return startHttpServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
}

function passwordOf({ headers }: IncomingMessage): string | undefined {
  const [, given] = /^Basic (.+)$/i.exec(headers.authorization ?? '') ?? [];
  return given === undefined
    ? undefined
    : Buffer.from(given, 'base64')
        .toString()
        .replace(/^[^:]*:/, '');
}

/** One CGI call; see `git help http-backend`. */
async function backend(folder: string, request: IncomingMessage) {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://git');
  const git = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      REMOTE_USER: 'token',
      PATH_INFO: pathname,
      QUERY_STRING: searchParams.toString(),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'],
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // It may answer before it has read everything: what is left of the body is for nobody.
  git.stdin.on('error', () => undefined);
  request.pipe(git.stdin);
  const [said] = await Promise.all([buffer(git.stdout), once(git, 'exit')]);
  const end = said.indexOf('\r\n\r\n');
  const lines = said.subarray(0, end).toString().split('\r\n');
  const headers = lines
    .map((line) => line.split(': ', 2))
    .map(([name = '', value = '']) => [name.toLowerCase(), value]);
  return { headers: Object.fromEntries(headers) as Record<string, string>, body: said.subarray(end + 4) };
}
