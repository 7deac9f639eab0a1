import type { IncomingMessage, ServerResponse } from 'node:http';
import { type HttpServer, requestBody, startHttpServer } from './http-server.js';

interface Deployment {
  readonly id: string;
  readonly meta: Readonly<Record<string, string>>;
  asked: number;
}

/** What Vercel's API is held to: each path with its method, a bearer token, and the body that it documents. */
export interface VercelContract extends HttpServer {
  /** What is in production now. */
  production(): string;
  /** Calls that did not keep to the contract. */
  readonly broken: string[];
  /** Each deployment ends as this from now on. */
  ends: 'READY' | 'ERROR';
}

export const VERCEL_TOKEN = 'vercel-token-of-the-test';
const PROJECT = 'prj_shop';

/** A stand-in for `POST /v13/deployments`, `GET /v13/deployments/{id}`, `GET /v9/projects/{id}`, promote and rollback. */
export async function startVercel(): Promise<VercelContract> {
  const deployments = new Map<string, Deployment>();
  const broken: string[] = [];
  const state = { production: 'dpl_before', ends: 'READY' as 'READY' | 'ERROR' };
  const answer = async (request: IncomingMessage): Promise<[number, unknown]> => {
    const { pathname } = new URL(request.url ?? '', 'http://vercel');
    const call = `${request.method} ${pathname}`;
    if (request.headers.authorization !== `Bearer ${VERCEL_TOKEN}`) return [403, { error: { code: 'forbidden' } }];
    const body = request.method === 'POST' ? await requestBody(request) : '';
    const one = /^GET \/v13\/deployments\/(dpl_\w+)$/.exec(call)?.[1];
    const promoted = /^POST \/v10\/projects\/prj_shop\/promote\/(dpl_\w+)$/.exec(call)?.[1];
    const rolled = /^POST \/v1\/projects\/prj_shop\/rollback\/(dpl_\w+)$/.exec(call)?.[1];
    if (/^GET \/v9\/projects\/(shop|prj_shop)$/.test(call))
      return [200, { id: PROJECT, name: 'shop', targets: { production: { id: state.production } } }];
    if (call === 'POST /v13/deployments') return create(body);
    if (one !== undefined) return look(deployments.get(one));
    if (promoted !== undefined && deployments.has(promoted)) {
      state.production = promoted;
      return [201, {}];
    }
    if (rolled !== undefined) {
      state.production = rolled;
      return [201, {}];
    }
    broken.push(call);
    return [404, { error: { code: 'not_found' } }];
  };
  const create = (text: string): [number, unknown] => {
    const body = JSON.parse(text) as Record<string, unknown> & { gitSource?: Record<string, unknown> };
    const { type, repoId, ref } = body.gitSource ?? {};
    const fits = body['name'] === 'shop' && body['project'] === PROJECT && type === 'github' && ref !== undefined;
    if (!fits || !/^\d+$/.test(String(repoId)) || !['staging', 'production'].includes(String(body['target']))) {
      broken.push(`body ${text}`);
      return [400, { error: { code: 'bad_request' } }];
    }
    const id = `dpl_${deployments.size + 1}`;
    deployments.set(id, { id, meta: body['meta'] as Record<string, string>, asked: 0 });
    return [200, { id, url: `${id}.example`, readyState: 'QUEUED' }];
  };
  const look = (found: Deployment | undefined): [number, unknown] => {
    if (!found) return [404, { error: { code: 'not_found' } }];
    found.asked += 1;
    return [200, { id: found.id, meta: found.meta, readyState: found.asked < 2 ? 'BUILDING' : state.ends }];
  };
  const server = await startHttpServer((request: IncomingMessage, response: ServerResponse) => {
    void answer(request).then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  return {
    ...server,
    broken,
    production: () => state.production,
    get ends() {
      return state.ends;
    },
    set ends(how) {
      state.ends = how;
    },
  };
}
