import type { FetchReply } from '#sandbox/fetch.js';

/** GitHub asks for a minute where it does not say how long (secondary limits). */
const SECONDARY_MS = 60_000;

/**
 * How long GitHub asks to be left alone: `Retry-After`, else until `X-RateLimit-Reset` when nothing remains; undefined when the
 * answer is not about limits. https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function waitMs({ status, headers }: Pick<FetchReply, 'status' | 'headers'>, now: Date): number | undefined {
  if (![403, 429, 503].includes(status)) return undefined;
  const retryAfter = headers['retry-after'];
  if (retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const reset = Number(headers['x-ratelimit-reset']);
  if (headers['x-ratelimit-remaining'] === '0' && Number.isFinite(reset))
    return Math.max(1000, reset * 1000 - now.getTime());
  return status === 429 ? SECONDARY_MS : undefined;
}
