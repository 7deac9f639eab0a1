import type {
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import { OpsroomError } from '#kit/errors.js';
import { MIB } from '#sandbox/limits.js';
import { streamFetch } from '#sandbox/stream-fetch.js';
import { ours } from './failure.js';
import { flooded } from './meter.js';

/** The server that is signed in at, and which private addresses may be asked on the way. */
export interface SignInAt {
  readonly url: string;
  readonly allowAddresses: readonly string[];
}

/** All that a sign-in goes on from. Holds tokens: it is kept sealed, and shown to nobody. */
export interface Grant {
  readonly redirect: string;
  readonly discovery?: OAuthDiscoveryState;
  readonly client?: StoredOAuthClientInformation;
  /** Of a sign-in that has begun: proves that whoever brings the code began it. */
  readonly verifier?: string;
  readonly tokens?: StoredOAuthTokens;
  /** When the access token runs out, ISO 8601; undefined: it does not say. */
  readonly expiresAt?: string;
}

const MOST_BYTES = MIB;
const LONGEST_MS = 20_000;

/**
 * Finds out where the server's users sign in (RFC 9728, 8414), registers this room there (RFC 7591), and says which page a person has
 * to visit. The code that comes back is good only together with the verifier in the grant (PKCE), for that server alone (RFC 8707).
 *
 * @param redirect where the person is sent back to; ours
 * @throws OpsroomError MCP_SIGN_IN, ADDRESS_REFUSED
 */
export function beginSignIn(
  at: SignInAt,
  { redirect, state }: { redirect: string; state: string },
): Promise<{ page: string; grant: Grant }> {
  return asking(at, async (fetchFn) => {
    const { auth, extractWWWAuthenticateParams } = await import('@modelcontextprotocol/client');
    const memory = new Memory({ redirect }, state);
    const challenge = await fetchFn(at.url, { headers: { accept: 'application/json, text/event-stream' } }).catch(
      () => undefined,
    );
    await challenge?.body?.cancel();
    const { resourceMetadataUrl, scope } = challenge?.status === 401 ? extractWWWAuthenticateParams(challenge) : {};
    await auth(memory, {
      serverUrl: at.url,
      fetchFn,
      ...(resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl }),
      ...(scope === undefined ? {} : { scope }),
    });
    const { page } = memory;
    if (page?.protocol !== 'https:' && page?.protocol !== 'http:')
      throw refused('It names no page where anybody could sign in.');
    return { page: page.href, grant: memory.grant };
  });
}

/**
 * Redeems the code that a person has come back with.
 * @param iss as the way back says it: another than the one that was asked is refused (RFC 9207)
 * @throws OpsroomError MCP_SIGN_IN, ADDRESS_REFUSED
 */
export function finishSignIn(
  at: SignInAt,
  begun: Grant,
  { code, iss }: { code: string; iss?: string | undefined },
  now: Date,
): Promise<Grant> {
  return asking(at, async (fetchFn) => {
    const { auth } = await import('@modelcontextprotocol/client');
    const memory = new Memory(begun, '');
    await auth(memory, { serverUrl: at.url, authorizationCode: code, fetchFn, ...(iss === undefined ? {} : { iss }) });
    const { verifier: _, ...grant } = memory.grant;
    return withExpiry(grant, now);
  });
}

/** A grant with a new access token. @throws OpsroomError MCP_SIGN_IN when somebody has to sign in again; UNREACHABLE and the like */
export function renewGrant(at: SignInAt, grant: Grant, now: Date): Promise<Grant> {
  const { tokens, client, discovery } = grant;
  const refreshToken = tokens?.refresh_token;
  if (refreshToken === undefined || !client || !discovery) return Promise.reject(refused('The sign-in has run out.'));
  return asking(at, async (fetchFn) => {
    const { refreshAuthorization } = await import('@modelcontextprotocol/client');
    const { authorizationServerUrl, authorizationServerMetadata: metadata, resourceMetadata } = discovery;
    const renewed = await refreshAuthorization(authorizationServerUrl, {
      clientInformation: client,
      refreshToken,
      fetchFn,
      ...(metadata === undefined ? {} : { metadata }),
      ...(resourceMetadata === undefined ? {} : { resource: resourceMetadata.resource }),
    });
    const { expiresAt: _, ...rest } = grant;
    return withExpiry({ ...rest, tokens: { refresh_token: refreshToken, ...renewed } }, now);
  });
}

/** Tells the authorisation server that the tokens are no longer used (RFC 7009), where it takes that. */
export async function revokeGrant(at: SignInAt, { tokens, client, discovery }: Grant): Promise<void> {
  const { revocation_endpoint: endpoint } = (discovery?.authorizationServerMetadata ?? {}) as {
    revocation_endpoint?: unknown;
  };
  const token = tokens?.refresh_token ?? tokens?.access_token;
  if (typeof endpoint !== 'string' || token === undefined || !client) return;
  const { client_id, client_secret } = client as { client_id: string; client_secret?: string };
  const body = new URLSearchParams({ token, client_id, ...(client_secret === undefined ? {} : { client_secret }) });
  await asking(at, (fetchFn) => fetchFn(endpoint, { method: 'POST', body }));
}

const withExpiry = (grant: Grant, now: Date): Grant => {
  const seconds = grant.tokens?.expires_in;
  return seconds === undefined
    ? grant
    : { ...grant, expiresAt: new Date(now.getTime() + seconds * 1000).toISOString() };
};

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** Everything that is asked goes through the address guard, is bounded, and ends. */
async function asking<T>({ allowAddresses }: SignInAt, work: (fetchFn: Fetch) => Promise<T>): Promise<T> {
  let bytes = 0;
  // The library takes what is thrown for a sign of an older server, and tries elsewhere.
  let first: OpsroomError | undefined;
  const wire = streamFetch(allowAddresses, (more) => {
    bytes += more;
    if (bytes > MOST_BYTES) throw flooded('more than 1 MiB while somebody signed in');
  });
  const until = AbortSignal.timeout(LONGEST_MS);
  const fetchFn: Fetch = async (url, init) => {
    try {
      return await wire.fetch(url, { ...init, signal: until });
    } catch (error) {
      first ??= ours(error);
      throw error;
    }
  };
  try {
    return await work(fetchFn);
  } catch (error) {
    if (first) throw first;
    if (error instanceof OpsroomError) throw error;
    throw refused(
      `The sign-in failed: ${error instanceof Error ? error.message.slice(0, 300) : 'nobody knows why'}`,
      error,
    );
  } finally {
    await wire.close();
  }
}

const refused = (what: string, cause?: unknown): OpsroomError => new OpsroomError('MCP_SIGN_IN', { what, cause });

/** What the library keeps, kept in memory until it is sealed. */
class Memory implements OAuthClientProvider {
  page: URL | undefined;

  constructor(
    public grant: Grant,
    private readonly stateOfPage: string,
  ) {}

  get redirectUrl(): string {
    return this.grant.redirect;
  }

  get clientMetadata() {
    return {
      client_name: 'Opsroom',
      redirect_uris: [this.grant.redirect],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    };
  }

  state(): string {
    return this.stateOfPage;
  }

  clientInformation(): StoredOAuthClientInformation | undefined {
    return this.grant.client;
  }

  saveClientInformation(client: StoredOAuthClientInformation): void {
    this.grant = { ...this.grant, client };
  }

  tokens(): StoredOAuthTokens | undefined {
    return this.grant.tokens;
  }

  saveTokens(tokens: StoredOAuthTokens): void {
    this.grant = { ...this.grant, tokens };
  }

  redirectToAuthorization(page: URL): void {
    this.page = page;
  }

  saveCodeVerifier(verifier: string): void {
    this.grant = { ...this.grant, verifier };
  }

  codeVerifier(): string {
    return this.grant.verifier ?? '';
  }

  saveDiscoveryState(discovery: OAuthDiscoveryState): void {
    this.grant = { ...this.grant, discovery };
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.grant.discovery;
  }
}
