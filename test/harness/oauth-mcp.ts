import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { getRequestListener } from '@hono/node-server';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';

/**
 * An MCP server behind a strict authorisation server of its own: what is missing or wrong in a request is refused. A refresh token is
 * good once; one that is shown again ends all that its client holds (RFC 9700, 4.14.2).
 */
export interface OAuthMcp {
  /** Of the MCP endpoint. */
  readonly url: string;
  readonly issuer: string;
  /** Refresh tokens that somebody gave back. */
  readonly revoked: string[];
  readonly registered: readonly { readonly redirect: string }[];
  /** How many requests it has had. */
  readonly asked: () => number;
  /** How often a refresh token was shown that had been used. */
  readonly replayed: () => number;
  /** Access tokens that were given out, the latest last. */
  readonly given: readonly string[];
  /** How long new access tokens hold. */
  ttlS: number;
  /** What it answers at its token endpoint instead; undefined: what is right. */
  ailing: number | undefined;
  /** What its metadata names for these. */
  endpoints: { readonly authorization_servers?: readonly string[]; readonly revocation_endpoint?: string | undefined };
  /** Is awaited before a token is given out. */
  before: () => Promise<void>;
  /** What the way back says of who it comes from. */
  iss: string;
  /** No access token holds any more; refresh tokens do unless `all`. */
  forget(all?: boolean): void;
  close(): Promise<void>;
}

interface Code {
  readonly client: string;
  readonly redirect: string;
  readonly challenge: string;
  readonly resource: string;
}

/** @param host the address that it listens at */
export async function oauthMcp(host = '127.0.0.1'): Promise<OAuthMcp> {
  const clients = new Map<string, string>();
  const codes = new Map<string, Code>();
  const access = new Set<string>();
  const refresh = new Map<string, string>();
  /** Refresh tokens that were used, by their clients; and how often one was shown again. */
  const used = new Map<string, string>();
  let replayed = 0;
  const given: string[] = [];
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    void answer(request, response);
  });
  server.listen(0, host);
  await once(server, 'listening');
  const issuer = `http://${host}:${(server.address() as AddressInfo).port}`;
  const url = `${issuer}/mcp`;
  const at: Pick<OAuthMcp, 'ttlS' | 'iss' | 'ailing' | 'endpoints' | 'before'> = {
    ttlS: 3600,
    iss: issuer,
    ailing: undefined,
    endpoints: {},
    before: () => Promise.resolve(),
  };
  const revoked: string[] = [];
  const registered: { redirect: string }[] = [];

  const handler = createMcpHandler(() => {
    const mcp = new McpServer({ name: 'guarded', version: '1.0.0' });
    mcp.registerTool('leak', { description: 'Says the token that it was sent.' }, async () => ({
      content: [{ type: 'text', text: `it was ${given.at(-1)}` }],
    }));
    return mcp;
  });
  const listener = getRequestListener((request) => handler.fetch(request));

  const json = (response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  const wrong = (response: ServerResponse, error: string) => json(response, 400, { error });

  function tokens(response: ServerResponse, client: string): void {
    const token = `at-${randomUUID()}`;
    const again = `rt-${randomUUID()}`;
    access.add(token);
    given.push(token);
    refresh.set(again, client);
    json(response, 200, {
      access_token: token,
      token_type: 'Bearer',
      expires_in: at.ttlS,
      refresh_token: again,
      scope: 'tools',
    });
  }

  function authorize(response: ServerResponse, query: URLSearchParams): void {
    const client = query.get('client_id') ?? '';
    const redirect = query.get('redirect_uri') ?? '';
    const isWhole =
      clients.get(client) === redirect &&
      query.get('response_type') === 'code' &&
      query.get('code_challenge_method') === 'S256' &&
      query.get('resource') === url;
    if (!isWhole) return void wrong(response, 'invalid_request');
    const code = randomUUID();
    codes.set(code, { client, redirect, challenge: query.get('code_challenge') ?? '', resource: url });
    const back = new URL(redirect);
    back.search = new URLSearchParams({ code, state: query.get('state') ?? '', iss: at.iss }).toString();
    response.writeHead(302, { location: back.href }).end();
  }

  /** Somebody has shown a refresh token twice: one of the two has stolen it. */
  function end(client: string): void {
    replayed += 1;
    access.clear();
    for (const [token, of] of refresh) if (of === client) refresh.delete(token);
  }

  function exchange(response: ServerResponse, form: URLSearchParams): void {
    const client = form.get('client_id') ?? '';
    if (form.get('resource') !== url) return void wrong(response, 'invalid_target');
    if (form.get('grant_type') === 'refresh_token') {
      const token = form.get('refresh_token') ?? '';
      if (used.get(token) === client) end(client);
      const known = refresh.get(token) === client;
      if (refresh.delete(token)) used.set(token, client);
      return known ? tokens(response, client) : void wrong(response, 'invalid_grant');
    }
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isOwn = code?.client === client && code.redirect === form.get('redirect_uri') && code.challenge === challenge;
    return isOwn ? tokens(response, client) : void wrong(response, 'invalid_grant');
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer);
    switch (pathname) {
      case '/.well-known/oauth-protected-resource/mcp':
        return void json(response, 200, {
          resource: url,
          authorization_servers: at.endpoints.authorization_servers ?? [issuer],
          scopes_supported: ['tools'],
        });
      case '/.well-known/oauth-authorization-server':
        return void json(response, 200, {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          registration_endpoint: `${issuer}/register`,
          revocation_endpoint: `${issuer}/revoke`,
          ...at.endpoints,
          response_types_supported: ['code'],
          grant_types_supported: ['authorization_code', 'refresh_token'],
          code_challenge_methods_supported: ['S256'],
          token_endpoint_auth_methods_supported: ['none'],
          authorization_response_iss_parameter_supported: true,
        });
      case '/register': {
        const asked = JSON.parse(await text(request)) as { redirect_uris: [string] };
        const client = randomUUID();
        clients.set(client, asked.redirect_uris[0]);
        registered.push({ redirect: asked.redirect_uris[0] });
        return void json(response, 201, { ...asked, client_id: client });
      }
      case '/authorize':
        return authorize(response, searchParams);
      case '/token':
        await at.before();
        if (at.ailing !== undefined) return void json(response, at.ailing, { error: 'temporarily_unavailable' });
        return exchange(response, new URLSearchParams(await text(request)));
      case '/revoke':
        revoked.push(new URLSearchParams(await text(request)).get('token') ?? '');
        return void response.writeHead(200).end();
      case '/mcp': {
        const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
        if (access.has(token)) return void listener(request, response);
        const challenge = `Bearer resource_metadata="${issuer}/.well-known/oauth-protected-resource/mcp"`;
        return void json(response, 401, { error: 'invalid_token' }, { 'www-authenticate': challenge });
      }
      default:
        response.writeHead(404).end();
    }
  }

  return Object.assign(at, {
    url,
    issuer,
    revoked,
    given,
    registered,
    asked: () => asked,
    replayed: () => replayed,
    forget: (all = false) => {
      access.clear();
      if (all) refresh.clear();
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

/** Visits the page as a browser does whose person agrees. @returns what they come back with */
export async function visit(page: string): Promise<{ at: string; state: string; code: string; iss: string }> {
  const response = await fetch(page, { redirect: 'manual' });
  const back = new URL(response.headers.get('location') ?? (await response.text()));
  const { state = '', code = '', iss = '' } = Object.fromEntries(back.searchParams);
  return { at: `${back.origin}${back.pathname}`, state, code, iss };
}
