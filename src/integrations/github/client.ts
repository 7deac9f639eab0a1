import type { JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { type FetchReply, guardedFetch } from '#sandbox/fetch.js';
import { readableBody } from '#sandbox/reply.js';
import { waitMs } from './rate.js';

export interface GithubAccess {
  /** `https://api.github.com`, or `https://HOST/api/v3` of a GitHub Enterprise Server. */
  readonly baseUrl: string;
  readonly token: string;
  readonly allowAddresses: readonly string[];
}

export interface GithubRequest {
  readonly method?: 'GET' | 'POST';
  /** Below the base url, with every value encoded. */
  readonly path: string;
  readonly body?: JsonValue;
  readonly signal: AbortSignal;
  readonly maxBytes?: number;
}

/** GitHub said no, or not now. */
export class GithubRefusal extends OpsroomError {
  constructor(
    readonly status: number,
    /** Its own words. */
    readonly said: string,
    readonly retryAfterMs: number | undefined,
    path: string,
  ) {
    super(status === 401 ? 'LOGIN_REFUSED' : 'HTTP_STATUS', {
      what: `GitHub answered ${status}: ${said}`,
      where: path,
    });
  }

  /** Whether asking again later may help. */
  get isPassing(): boolean {
    return this.retryAfterMs !== undefined || this.status >= 500 || this.status === 408;
  }
}

const API_VERSION = '2022-11-28';
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * One call of GitHub's REST API (https://docs.github.com/rest). The token goes to the base url alone: a redirect to another
 * origin (the logs of a job) is followed without it.
 *
 * @throws GithubRefusal for a status of 400 and more; what `guardedFetch` throws
 */
export async function callGithub(access: GithubAccess, asked: GithubRequest): Promise<FetchReply> {
  const { path, signal, body, method = 'GET', maxBytes = MOST_BYTES } = asked;
  const reply = await guardedFetch({
    url: `${access.baseUrl.replace(/\/+$/, '')}${path}`,
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${access.token}`,
      'user-agent': 'opsroom',
      'x-github-api-version': API_VERSION,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    maxRedirects: 3,
    maxBytes,
    allowAddresses: access.allowAddresses,
    signal,
  });
  if (reply.status < 400) return reply;
  throw new GithubRefusal(reply.status, messageOf(reply), waitMs(reply, new Date()), path.replace(/\?.*$/, ''));
}

/** The body of an answer as JSON; what is not JSON is null, and fits no schema. */
export function jsonOf(reply: FetchReply): unknown {
  const read = readableBody(reply);
  return read.bodyEncoding === 'json' ? read.body : null;
}

function messageOf(reply: FetchReply): string {
  const body = jsonOf(reply);
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  return typeof message === 'string' ? message.slice(0, 500) : 'no reason given';
}

/** `owner/name` as two segments of a path. */
export function repoPath(repo: string): string {
  const [owner = '', name = ''] = repo.split('/');
  return `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
}
