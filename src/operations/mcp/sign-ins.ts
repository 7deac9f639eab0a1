import { createHash, randomBytes } from 'node:crypto';
import { findServer, type ServerRow } from '#catalog/mcp/server-store.js';
import {
  heldSignIn,
  leaveRenewal,
  nextSignIn,
  putSignIn,
  refuseSignIn,
  renewSignIn,
  type SealedSignIn,
  type SignInKind,
  takeBegun,
  takeRenewal,
} from '#catalog/mcp/sign-in-store.js';
import type { Database } from '#db/database.js';
import { jsonDigest } from '#ir/digest.js';
import { type Clock, sleep } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';
import type { Sql } from '#record/store.js';
import type { Vault } from '#secrets/vault.js';
import type { Grant } from '#tools/mcp/grant.js';
import { ANSWERED_WITHIN_MS, beginSignIn, finishSignIn, renewGrant, revokeGrant } from '#tools/mcp/oauth.js';
import type { Bearer } from '#tools/mcp/ports.js';
import { following, type Kept } from './kept.js';
import { changedMeanwhile, placeOf, type Reached, signInAgain } from './sign-in-place.js';

interface Parts {
  readonly database: Pick<Database, 'engine' | 'engineTx'>;
  readonly vault: Pick<Vault, 'sealOwn' | 'openOwn'>;
  readonly clock: Clock;
  /** What is kept of the secrets' mask is made anew. */
  readonly learn: (org: string) => void;
}

/** A person signs in and comes back within so long. */
const FINISH_WITHIN_MS = 10 * 60_000;
/** Of an access token that runs out so soon another is taken beforehand. */
const BEFORE_MS = 30_000;
/** A process that dies with the turn keeps it for so long: more than whoever has it may take. */
const TURN_MS = ANSWERED_WITHIN_MS + 10_000;
const LOOK_AGAIN_MS = 100;

/** What a connection shows, and of which sealed sign-in it is. */
interface Shown {
  readonly body: Buffer;
  readonly token: string;
}

/**
 * What came of telling where tokens came from that they are no longer used. `unheard`: it did not answer, or not well. `unsupported`: it
 * takes no such word. `none`: there were no tokens.
 */
export const REVOCATIONS = ['revoked', 'unheard', 'unsupported', 'none'] as const;
export type Revocation = (typeof REVOCATIONS)[number];

/** Signs the room in at MCP servers, and holds what came of it. Tokens leave it only towards their own server. */
export class McpSignIns {
  /** Of this process, by what they go on from. Among processes, one at a time has the turn: see `takeRenewal`. */
  private readonly renewals = new Map<string, Promise<Shown>>();

  constructor(private readonly parts: Parts) {}

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
    const kept = await this.open(begun);
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
      const { grant } = await this.open(held);
      return (await revokeGrant(placeOf(row), grant)) ? 'revoked' : 'unsupported';
    } catch {
      return 'unheard';
    }
  }

  /** What a connection shows the server; undefined: nobody has signed in there. */
  async bearer(org: string, server: Reached): Promise<Bearer | undefined> {
    if (server.connection.transport === 'stdio') return undefined;
    if (!(await heldSignIn(this.parts.database.engine, org, server.id))) return undefined;
    let shown: Shown | undefined;
    return {
      token: async () => {
        shown = await this.usable(org, server, shown);
        return shown.token;
      },
      renew: async () => {
        const held = await this.held(org, server);
        // Somebody else has taken another since.
        if (shown && !shown.body.equals(held.body)) return;
        await this.renew(server, held);
      },
    };
  }

  private async held(org: string, server: Reached): Promise<SealedSignIn> {
    const held = await heldSignIn(this.parts.database.engine, org, server.id);
    if (held?.refused === null) return held;
    throw signInAgain(server, held?.refused ?? 'nobody is signed in there any more');
  }

  /** Asks each time whether somebody has signed out, and opens only what is another than was `shown`. */
  private async usable(org: string, server: Reached, shown: Shown | undefined): Promise<Shown> {
    const held = await this.held(org, server);
    const now = this.parts.clock.now().getTime();
    if (held.expiresAt !== null && held.expiresAt.getTime() - now < BEFORE_MS) return this.renew(server, held);
    if (shown?.body.equals(held.body)) return shown;
    const { grant } = await this.openFor(server, held);
    return { body: held.body, token: grant.tokens?.access_token ?? '' };
  }

  /** Takes another access token, once for all who ask meanwhile. @throws OpsroomError MCP_SIGN_IN, UNREACHABLE, MCP_FAILED */
  private renew(server: Reached, held: SealedSignIn): Promise<Shown> {
    const key = `${jsonDigest(server.connection)} ${held.body.toString('base64')}`;
    const running = this.renewals.get(key);
    if (running) return running;
    const renewal = this.renewNow(server, held).finally(() => this.renewals.delete(key));
    this.renewals.set(key, renewal);
    return renewal;
  }

  /** In turn with the other processes of the room. No connection and no lock of the database is held meanwhile. */
  private async renewNow(server: Reached, held: SealedSignIn): Promise<Shown> {
    const turn = await this.turn(server, held);
    if (turn === undefined) return this.usable(held.org, server, undefined);
    try {
      return await this.renewAlone(server, held);
    } finally {
      // Where it cannot be given back, it comes to its end by itself.
      await leaveRenewal(this.parts.database.engine, held, turn).catch(() => undefined);
    }
  }

  /**
   * Waits until this process alone may go on from what is held.
   * @returns undefined when another has taken its place meanwhile
   * @throws OpsroomError MCP_SIGN_IN when nobody is signed in any more
   */
  private async turn(server: Reached, held: SealedSignIn): Promise<string | undefined> {
    for (;;) {
      const turn = await takeRenewal(this.parts.database.engine, held, TURN_MS);
      if (turn !== undefined) return turn;
      const now = await this.held(held.org, server);
      if (!now.body.equals(held.body)) return undefined;
      await sleep(LOOK_AGAIN_MS);
    }
  }

  /** What came of it counts if nothing has changed since. */
  private async renewAlone(server: Reached, held: SealedSignIn): Promise<Shown> {
    const { database, clock, learn } = this.parts;
    const kept = await this.openFor(server, held);
    const grant = await renewGrant(placeOf(server), kept.grant, clock.now()).catch(async (error: unknown) => {
      if (!(error instanceof OpsroomError) || error.code !== 'MCP_SIGN_IN') throw error;
      if (await refuseSignIn(database.engine, held, error.message.slice(0, 500)))
        throw signInAgain(server, error.message);
      return undefined;
    });
    if (!grant) return this.usable(held.org, server, undefined);
    const next = following(kept, grant, clock.now());
    const body = await database.engineTx(async (tx) => {
      const n = await nextSignIn(tx, held.org, held.serverId);
      const sealed = await this.seal(tx, { ...held, n }, next);
      return (await renewSignIn(tx, held, { n, expiresAt: expiryOf(grant), ...sealed })) ? sealed.body : undefined;
    });
    learn(held.org);
    if (body) return { body, token: grant.tokens?.access_token ?? '' };
    return this.usable(held.org, server, undefined).catch(async (error: unknown) => {
      await revokeGrant(placeOf(server), grant).catch(() => undefined);
      throw error;
    });
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
      const last = before && (await this.open(before).catch(() => undefined));
      const kept = last ? following(last, grant, this.parts.clock.now()) : { grant, earlier: [] };
      const n = await nextSignIn(tx, row.org, row.id);
      const sealed = await this.seal(tx, { org: row.org, serverId: row.id, kind: as.kind, n }, { ...kept, connection });
      await putSignIn(tx, row.org, row.id, { ...as, n, issuer, scope: grant.tokens?.scope ?? '', ...sealed });
    });
    this.parts.learn(row.org);
  }

  private seal(tx: Sql, of: Pick<SealedSignIn, 'org' | 'serverId' | 'kind' | 'n'>, kept: Kept) {
    return this.parts.vault.sealOwn(tx, JSON.stringify(kept), vaultPlace(of));
  }

  private async open(row: SealedSignIn): Promise<Kept> {
    return JSON.parse(await this.parts.vault.openOwn(row, vaultPlace(row))) as Kept;
  }

  /** @throws OpsroomError MCP_SIGN_IN for a sign-in at another address than this connection goes to */
  private async openFor(server: Reached, held: SealedSignIn): Promise<Kept> {
    const kept = await this.open(held);
    if (kept.connection === jsonDigest(server.connection)) return kept;
    throw signInAgain(server, 'what is held is for another address of it');
  }
}

const expiryOf = ({ expiresAt }: Grant): Date | null => (expiresAt === undefined ? null : new Date(expiresAt));

const hashOf = (state: string): string => createHash('sha256').update(state).digest('hex');

const vaultPlace = ({ org, serverId, kind, n }: Pick<SealedSignIn, 'org' | 'serverId' | 'kind' | 'n'>) => ({
  org,
  name: `mcp:${serverId}:${kind}`,
  environment: '',
  app: '',
  version: n,
});
