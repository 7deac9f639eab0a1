import { createHash, randomBytes } from 'node:crypto';
import { findServer, type ServerRow } from '#catalog/mcp/server-store.js';
import {
  heldSignIn,
  nextSignIn,
  putSignIn,
  type SealedSignIn,
  type SignInKind,
  takeBegun,
} from '#catalog/mcp/sign-in-store.js';
import type { Database } from '#db/database.js';
import { jsonDigest } from '#ir/digest.js';
import type { Clock } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';
import type { Vault } from '#secrets/vault.js';
import type { Grant } from '#tools/mcp/grant.js';
import { beginSignIn, finishSignIn, revokeGrant } from '#tools/mcp/oauth.js';
import type { Bearer } from '#tools/mcp/ports.js';
import { following } from './kept.js';
import { McpRenewals } from './renewals.js';
import { expiryOf, SealedGrants } from './sealed-grants.js';
import { changedMeanwhile, placeOf, type Reached } from './sign-in-place.js';

interface Parts {
  readonly database: Pick<Database, 'engine' | 'engineTx'>;
  readonly vault: Pick<Vault, 'sealOwn' | 'openOwn'>;
  readonly clock: Clock;
  /** What is kept of the secrets' mask is made anew. */
  readonly learn: (org: string) => void;
}

/** A person signs in and comes back within so long. */
const FINISH_WITHIN_MS = 10 * 60_000;

/**
 * What came of telling where tokens came from that they are no longer used. `unheard`: it did not answer, or not well. `unsupported`: it
 * takes no such word. `none`: there were no tokens.
 */
export const REVOCATIONS = ['revoked', 'unheard', 'unsupported', 'none'] as const;
export type Revocation = (typeof REVOCATIONS)[number];

/** Signs the room in at MCP servers, and holds what came of it. Tokens leave it only towards their own server. */
export class McpSignIns {
  private readonly sealed: SealedGrants;
  private readonly renewals: McpRenewals;

  constructor(private readonly parts: Parts) {
    this.sealed = new SealedGrants(parts.vault);
    this.renewals = new McpRenewals(parts, this.sealed);
  }

  /** @returns the page that whoever asks has to visit @throws OpsroomError MCP_SIGN_IN, USAGE, ADDRESS_REFUSED, UNREACHABLE */
  async begin(
    row: ServerRow,
    { by, redirect }: { by: string; redirect: string },
  ): Promise<{ page: string; until: Date }> {
    const state = randomBytes(32).toString('base64url');
    const { page, grant } = await beginSignIn(placeOf(row), { redirect, state });
    const until = new Date(this.parts.clock.now().getTime() + FINISH_WITHIN_MS);
    await this.keep(row, grant, { kind: 'begun', stateHash: hashOf(state), by, expiresAt: until });
    return { page, until };
  }

  /** @returns the server that somebody has signed in at @throws OpsroomError MCP_SIGN_IN, ADDRESS_REFUSED, UNREACHABLE */
  async finish(
    org: string,
    by: string,
    back: { state: string; code: string; iss?: string | undefined },
  ): Promise<ServerRow> {
    const { database, clock } = this.parts;
    const begun = await database.engineTx((tx) => takeBegun(tx, org, hashOf(back.state)));
    const row = begun?.by === by ? await findServer(database.engine, org, begun.serverId) : undefined;
    if (!begun || !row) {
      const what = 'Nobody has begun this sign-in here, or it took too long, or it was begun by somebody else.';
      throw new OpsroomError('MCP_SIGN_IN', { what });
    }
    const kept = await this.sealed.open(begun);
    if (kept.connection !== jsonDigest(row.connection)) throw changedMeanwhile(row);
    const grant = await finishSignIn(placeOf(row), kept.grant, back, clock.now());
    try {
      await this.keep(row, grant, { kind: 'held', stateHash: null, by, expiresAt: expiryOf(grant) });
    } catch (error) {
      await revokeGrant(placeOf(row), grant).catch(() => undefined);
      throw error;
    }
    return row;
  }

  /** Says where its tokens came from that a sign-in is forgotten. @param row the server as it was signed in at */
  async revoke(row: ServerRow, held: SealedSignIn | undefined): Promise<Revocation> {
    this.parts.learn(row.org);
    if (!held) return 'none';
    try {
      const { grant } = await this.sealed.open(held);
      return (await revokeGrant(placeOf(row), grant)) ? 'revoked' : 'unsupported';
    } catch {
      return 'unheard';
    }
  }

  /** What a connection shows the server; undefined: nobody has signed in there. */
  async bearer(org: string, server: Reached): Promise<Bearer | undefined> {
    if (server.connection.transport === 'stdio') return undefined;
    if (!(await heldSignIn(this.parts.database.engine, org, server.id))) return undefined;
    return this.renewals.bearer(org, server);
  }

  /** Under the lock of the server's row: what was begun at one address is never kept for another. */
  private async keep(
    row: ServerRow,
    grant: Grant,
    as: { kind: SignInKind; stateHash: string | null; by: string; expiresAt: Date | null },
  ): Promise<void> {
    const issuer =
      grant.discovery?.authorizationServerMetadata?.issuer ?? grant.discovery?.authorizationServerUrl ?? '';
    const connection = jsonDigest(row.connection);
    await this.parts.database.engineTx(async (tx) => {
      const now = await findServer(tx, row.org, row.id, true);
      if (!now || jsonDigest(now.connection) !== connection) throw changedMeanwhile(row);
      const before = as.kind === 'held' ? await heldSignIn(tx, row.org, row.id) : undefined;
      const last = before && (await this.sealed.open(before).catch(() => undefined));
      const kept = last ? following(last, grant, this.parts.clock.now()) : { grant, earlier: [] };
      const n = await nextSignIn(tx, row.org, row.id);
      const sealed = await this.sealed.seal(
        tx,
        { org: row.org, serverId: row.id, kind: as.kind, n },
        { ...kept, connection },
      );
      await putSignIn(tx, row.org, row.id, { ...as, n, issuer, scope: grant.tokens?.scope ?? '', ...sealed });
    });
    this.parts.learn(row.org);
  }
}

const hashOf = (state: string): string => createHash('sha256').update(state).digest('hex');
