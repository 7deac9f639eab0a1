import type { Grant } from '#tools/mcp/grant.js';

/** A sign-in as it is sealed: what stands below the names of tokens anywhere in it is masked. */
export interface Kept {
  /** Digest of the connection that it is for: its tokens are shown over no other. */
  readonly connection: string;
  readonly grant: Grant;
  /** Tokens of before: a server may heed them, and could say them, until they run out. The latest last. */
  readonly earlier: readonly Earlier[];
}

interface Earlier {
  readonly access_token: string;
  readonly refresh_token?: string | undefined;
  /** ISO 8601. */
  readonly until: string;
}

/** A mask takes memory for each of them. */
const MOST_EARLIER = 16;
/** Of a token that does not say when it runs out. */
const DAY_MS = 86_400_000;

/** What is kept once a grant has taken the place of another, which stays masked. */
export function following(before: Kept, grant: Grant, now: Date): Kept {
  const { tokens, expiresAt } = before.grant;
  const until = expiresAt ?? new Date(now.getTime() + DAY_MS).toISOString();
  const last = tokens ? [{ access_token: tokens.access_token, refresh_token: tokens.refresh_token, until }] : [];
  const earlier = [...before.earlier, ...last].filter((one) => Date.parse(one.until) > now.getTime());
  return { connection: before.connection, grant, earlier: earlier.slice(-MOST_EARLIER) };
}
