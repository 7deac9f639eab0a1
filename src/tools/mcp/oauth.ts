import { OpsroomError } from '#kit/errors.js';
import { MIB } from '#sandbox/limits.js';
import { streamFetch } from '#sandbox/stream-fetch.js';
import { asUnreachable } from '#sandbox/unreachable.js';
import { isNetwork, ours } from './failure.js';
import { type Grant, GrantMemory } from './grant.js';
import { flooded } from './meter.js';

/** The server that is signed in at. */
export interface SignInAt {
  readonly url: string;
  /** Private addresses that its own host may have. What it names elsewhere has public ones: a server does not say what is asked in here. */
  readonly allowAddresses: readonly string[];
}

const MOST_BYTES = MIB;
/** Whatever is asked of where tokens come from is over after this. */
export const ANSWERED_WITHIN_MS = 20_000;
/** What a server says of how long its tokens hold is kept within these. */
const SHORTEST_S = 60;
const YEAR_S = 365 * 86_400;

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
    const memory = new GrantMemory({ redirect }, state);
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
    const memory = new GrantMemory(begun, '');
    await auth(memory, { serverUrl: at.url, authorizationCode: code, fetchFn, ...(iss === undefined ? {} : { iss }) });
    const { verifier: _, ...grant } = memory.grant;
    return withExpiry(grant, now);
  });
}

/**
 * A grant with a new access token.
 * @throws OpsroomError MCP_SIGN_IN only when somebody has to sign in again; UNREACHABLE, MCP_FAILED, ADDRESS_REFUSED: it may do later
 */
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
      fetchFn: async (url, init) => requireWell(await fetchFn(url, init)),
      ...(metadata === undefined ? {} : { metadata }),
      ...(resourceMetadata === undefined ? {} : { resource: resourceMetadata.resource }),
    }).catch((error: unknown) => {
      throw isFinal(error) || isUnheard(error) ? error : (ours(error) ?? notNow(error));
    });
    const { expiresAt: _, ...rest } = grant;
    return withExpiry({ ...rest, tokens: { refresh_token: refreshToken, ...renewed } }, now);
  });
}

/** Of what an authorisation server answers (RFC 6749, 5.2), what no later try changes. */
const isFinal = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'invalid_grant' || error.code === 'invalid_client');

const isUnheard = (error: unknown): boolean =>
  isNetwork(error) || (error instanceof Error && error.name === 'TimeoutError');

function notNow(cause: unknown): OpsroomError {
  const why = cause instanceof Error ? cause.message.slice(0, 300) : 'nobody knows why';
  return new OpsroomError('MCP_FAILED', { what: `The sign-in could not be renewed: ${why}`, cause });
}

/** Whatever a server says that is not well, it says nothing of the sign-in. */
async function requireWell(reply: Response): Promise<Response> {
  if (reply.status < 500 && reply.status !== 429) return reply;
  await reply.body?.cancel();
  const what = `Where the sign-in is renewed answers with the status ${reply.status}.`;
  throw new OpsroomError('UNREACHABLE', { what });
}

/**
 * Tells the authorisation server that the tokens are no longer used (RFC 7009).
 * @returns false where it does not take that, or nothing is held
 * @throws OpsroomError when it was not heard
 */
export async function revokeGrant(at: SignInAt, { tokens, client, discovery }: Grant): Promise<boolean> {
  const { revocation_endpoint: endpoint } = (discovery?.authorizationServerMetadata ?? {}) as {
    revocation_endpoint?: unknown;
  };
  const token = tokens?.refresh_token ?? tokens?.access_token;
  if (typeof endpoint !== 'string' || token === undefined || !client) return false;
  const { client_id, client_secret } = client as { client_id: string; client_secret?: string };
  const body = new URLSearchParams({ token, client_id, ...(client_secret === undefined ? {} : { client_secret }) });
  await asking(at, async (fetchFn) => {
    const { assertSecureTokenEndpoint } = await import('@modelcontextprotocol/client');
    const reply = await fetchFn(assertSecureTokenEndpoint(endpoint), { method: 'POST', body });
    await reply.body?.cancel();
    if (!reply.ok) throw refused(`The tokens were not revoked: the answer has the status ${reply.status}.`);
  });
  return true;
}

/** A grant that says when its access token runs out. */
function withExpiry(grant: Grant, now: Date): Grant {
  const said = grant.tokens?.expires_in;
  if (said === undefined) return grant;
  const seconds = Math.min(Math.max(said, SHORTEST_S), YEAR_S);
  return { ...grant, expiresAt: new Date(now.getTime() + seconds * 1000).toISOString() };
}

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** Everything that is asked goes through the address guard, is bounded, and ends. */
async function asking<T>({ url: at, allowAddresses }: SignInAt, work: (fetchFn: Fetch) => Promise<T>): Promise<T> {
  let bytes = 0;
  // The library takes what is thrown for a sign of an older server, and tries elsewhere.
  let first: OpsroomError | undefined;
  const count = (more: number): void => {
    bytes += more;
    if (bytes > MOST_BYTES) throw flooded('more than 1 MiB while somebody signed in');
  };
  const own = streamFetch(allowAddresses, count);
  const other = streamFetch([], count);
  const { hostname } = new URL(at);
  const until = AbortSignal.timeout(ANSWERED_WITHIN_MS);
  const fetchFn: Fetch = async (url, init) => {
    try {
      const wire = new URL(url).hostname === hostname ? own : other;
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
    if (isUnheard(error)) throw asUnreachable(error);
    throw refused(
      `The sign-in failed: ${error instanceof Error ? error.message.slice(0, 300) : 'nobody knows why'}`,
      error,
    );
  } finally {
    await Promise.all([own.close(), other.close()]);
  }
}

const refused = (what: string, cause?: unknown): OpsroomError => new OpsroomError('MCP_SIGN_IN', { what, cause });
