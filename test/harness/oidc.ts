import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type HttpServer, requestBody, startHttpServer } from './http-server.js';

/** Who is let in, as the provider says. */
export interface Claims {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
}

export const CLIENT = { id: 'opsroom', secret: 'a-secret-of-the-client' };

interface Grant {
  readonly challenge: string;
  readonly redirect: string;
  readonly nonce: string;
}

/** A small OpenID Connect provider: the code flow with PKCE, tokens signed RS256; whoever comes is let in. */
export class OidcProvider {
  claims: Claims = { sub: '1', email: '', email_verified: true, name: '' };
  /** What goes wrong on purpose. */
  fault: 'none' | 'foreign signature' | 'wrong nonce' | 'wrong audience' = 'none';
  /** Why code exchanges were refused. */
  readonly refused: string[] = [];
  private readonly grants = new Map<string, Grant>();
  private readonly own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private server: HttpServer | undefined;

  static async start(): Promise<OidcProvider> {
    const provider = new OidcProvider();
    provider.server = await startHttpServer((request, response) => void provider.answer(request, response));
    return provider;
  }

  get issuer(): string {
    return this.server?.url ?? '';
  }

  async close(): Promise<void> {
    await this.server?.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.issuer);
    if (url.pathname === '/authorize') {
      response.writeHead(302, { location: this.authorize(url.searchParams) }).end();
      return;
    }
    const value = await this.valueOf(url.pathname, request);
    const status = value === undefined ? 404 : 'error' in value ? 400 : 200;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value ?? {}));
  }

  private async valueOf(path: string, request: IncomingMessage): Promise<object | undefined> {
    if (path === '/.well-known/openid-configuration') return discovery(this.issuer);
    if (path === '/token') return this.exchange(new URLSearchParams(await requestBody(request)), request);
    const jwk = this.own.publicKey.export({ format: 'jwk' });
    return path === '/jwks' ? { keys: [{ ...jwk, kid: 'own', alg: 'RS256', use: 'sig' }] } : undefined;
  }

  /** Where the browser goes next. */
  private authorize(query: URLSearchParams): string {
    const asked = (name: string): string => query.get(name) ?? '';
    const code = randomUUID();
    const redirect = asked('redirect_uri');
    this.grants.set(code, { challenge: asked('code_challenge'), redirect, nonce: asked('nonce') });
    return `${redirect}?${new URLSearchParams({ code, state: asked('state') }).toString()}`;
  }

  private exchange(form: URLSearchParams, { headers }: IncomingMessage): object {
    const code = form.get('code') ?? '';
    const grant = this.grants.get(code);
    this.grants.delete(code);
    const basic = `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}`;
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const reason = [
      ['code', grant !== undefined],
      ['client', headers.authorization === basic || form.get('client_secret') === CLIENT.secret],
      ['verifier', grant?.challenge === challenge],
      ['redirect', grant?.redirect === form.get('redirect_uri')],
    ].find(([, holds]) => !holds)?.[0];
    if (reason === undefined && grant) {
      return { access_token: randomUUID(), token_type: 'Bearer', expires_in: 60, id_token: this.idToken(grant.nonce) };
    }
    this.refused.push(String(reason));
    return { error: 'invalid_grant' };
  }

  private idToken(nonce: string): string {
    const nowS = Math.floor(Date.now() / 1000);
    const { fault, claims, issuer } = this;
    const aud = fault === 'wrong audience' ? 'another' : CLIENT.id;
    const said = fault === 'wrong nonce' ? 'another' : nonce;
    const key = fault === 'foreign signature' ? this.foreign.privateKey : this.own.privateKey;
    return signed({ ...claims, iss: issuer, aud, nonce: said, iat: nowS, exp: nowS + 60 }, key);
  }
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function signed(payload: object, key: KeyObject): string {
  const text = `${encoded({ alg: 'RS256', kid: 'own', typ: 'JWT' })}.${encoded(payload)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

const discovery = (issuer: string): object => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  code_challenge_methods_supported: ['S256'],
});
