import { createHash, randomBytes } from 'node:crypto';
import { findServer, type ServerRow } from '#catalog/mcp/server-store.js';
import {
  deleteSignIns,
  heldSignIn,
  nextSignIn,
  putSignIn,
  refuseSignIn,
  renewSignIn,
  type SealedSignIn,
  type SignInKind,
  takeBegun,
} from '#catalog/mcp/sign-in-store.js';
import type { Database } from '#db/database.js';
import { type McpConnection } from '#ir/mcp.js';
import type { Clock } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';
import type { Sql } from '#record/store.js';
import type { Vault } from '#secrets/vault.js';
import { beginSignIn, finishSignIn, type Grant, renewGrant, revokeGrant, type SignInAt } from '#tools/mcp/oauth.js';
import type { Bearer } from '#tools/mcp/ports.js';

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

/** Signs the room in at MCP servers, and holds what came of it. Tokens leave it only towards their own server. */
export class McpSignIns {
  constructor(private readonly parts: Parts) {}

  /** @returns the page that whoever asks has to visit @throws OpsroomError MCP_SIGN_IN, USAGE, ADDRESS_REFUSED */
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

  /** @returns the server that somebody has signed in at @throws OpsroomError MCP_SIGN_IN */
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
    const grant = await finishSignIn(placeOf(row), await this.open(begun), back, clock.now());
    const expiresAt = grant.expiresAt === undefined ? null : new Date(grant.expiresAt);
    await this.keep(row, grant, { kind: 'held', stateHash: null, by, expiresAt });
    return row;
  }

  /** Forgets the sign-in, and says so where its tokens came from; whether that is heard or not. */
  async end(row: ServerRow): Promise<void> {
    const { database, learn } = this.parts;
    const held = await heldSignIn(database.engine, row.org, row.id);
    const grant = held && (await this.open(held).catch(() => undefined));
    await database.engineTx((tx) => deleteSignIns(tx, row.org, row.id));
    learn(row.org);
    if (grant && row.connection.transport !== 'stdio') await revokeGrant(placeOf(row), grant).catch(() => undefined);
  }

  /** What a connection shows the server; undefined: nobody has signed in there. */
  async bearer(
    org: string,
    server: { readonly id: string; readonly name: string; readonly connection: McpConnection },
  ): Promise<Bearer | undefined> {
    if (server.connection.transport === 'stdio') return undefined;
    if (!(await heldSignIn(this.parts.database.engine, org, server.id))) return undefined;
    let shown: number | undefined;
    return {
      token: async () => {
        const held = await this.usable(org, server);
        shown = held.n;
        return held.token;
      },
      renew: async () => {
        await this.renew(org, server, shown);
      },
    };
  }

  private async usable(org: string, server: Reached): Promise<{ n: number; token: string }> {
    const held = await heldSignIn(this.parts.database.engine, org, server.id);
    if (!held || held.refused !== null)
      throw signInAgain(server, held?.refused ?? 'nobody is signed in there any more');
    const left =
      held.expiresAt === null ? Number.POSITIVE_INFINITY : held.expiresAt.getTime() - this.parts.clock.now().getTime();
    if (left < BEFORE_MS) return this.renew(org, server, held.n);
    return { n: held.n, token: (await this.open(held)).tokens?.access_token ?? '' };
  }

  /** Takes another access token, unless somebody else has since `shown`. @throws OpsroomError MCP_SIGN_IN */
  private async renew(org: string, server: Reached, shown: number | undefined): Promise<{ n: number; token: string }> {
    const { database, clock, learn } = this.parts;
    try {
      const renewed = await database.engineTx(async (tx) => {
        const held = await heldSignIn(tx, org, server.id, true);
        if (!held || held.refused !== null)
          throw signInAgain(server, held?.refused ?? 'nobody is signed in there any more');
        const grant = await this.open(held);
        if (shown !== undefined && held.n !== shown) return { n: held.n, token: grant.tokens?.access_token ?? '' };
        const next = await renewGrant(placeOf(server), grant, clock.now());
        const n = await nextSignIn(tx, org, server.id);
        const sealed = await this.seal(tx, { org, serverId: server.id, kind: 'held', n }, next);
        const expiresAt = next.expiresAt === undefined ? null : new Date(next.expiresAt);
        await renewSignIn(tx, held, { n, expiresAt, ...sealed });
        return { n, token: next.tokens?.access_token ?? '' };
      });
      learn(org);
      return renewed;
    } catch (error) {
      if (!(error instanceof OpsroomError) || error.code !== 'MCP_SIGN_IN') throw error;
      await refuseSignIn(database.engine, org, server.id, error.message.slice(0, 500));
      throw signInAgain(server, error.message);
    }
  }

  private async keep(
    row: ServerRow,
    grant: Grant,
    as: { kind: SignInKind; stateHash: string | null; by: string; expiresAt: Date | null },
  ): Promise<void> {
    const issuer =
      grant.discovery?.authorizationServerMetadata?.issuer ?? grant.discovery?.authorizationServerUrl ?? '';
    await this.parts.database.engineTx(async (tx) => {
      const n = await nextSignIn(tx, row.org, row.id);
      const sealed = await this.seal(tx, { org: row.org, serverId: row.id, kind: as.kind, n }, grant);
      await putSignIn(tx, row.org, row.id, { ...as, n, issuer, scope: grant.tokens?.scope ?? '', ...sealed });
    });
    this.parts.learn(row.org);
  }

  private seal(tx: Sql, of: Pick<SealedSignIn, 'org' | 'serverId' | 'kind' | 'n'>, grant: Grant) {
    return this.parts.vault.sealOwn(tx, JSON.stringify(grant), vaultPlace(of));
  }

  private async open(row: SealedSignIn): Promise<Grant> {
    return JSON.parse(await this.parts.vault.openOwn(row, vaultPlace(row))) as Grant;
  }
}

type Reached = { readonly id: string; readonly name: string; readonly connection: McpConnection };

const hashOf = (state: string): string => createHash('sha256').update(state).digest('hex');

const vaultPlace = ({ org, serverId, kind, n }: Pick<SealedSignIn, 'org' | 'serverId' | 'kind' | 'n'>) => ({
  org,
  name: `mcp:${serverId}:${kind}`,
  environment: '',
  app: '',
  version: n,
});

function signInAgain({ name }: Reached, why: string): OpsroomError {
  return new OpsroomError('MCP_SIGN_IN', {
    what: `The room is not signed in at the MCP server "${name}": ${why}`,
    mend: `Sign in again: \`opsroom mcp login ${name}\`, or on the Settings page.`,
  });
}

/** @throws OpsroomError USAGE for a server that nobody signs in at */
function placeOf({ name, connection }: Reached): SignInAt {
  if (connection.transport === 'stdio')
    throw new OpsroomError('USAGE', { what: `"${name}" is a program of this machine: nobody signs in there.` });
  const { url, headers, allowAddresses } = connection;
  if (Object.keys(headers).some((header) => header.toLowerCase() === 'authorization')) {
    const mend = 'Change it: `opsroom mcp change NAME` without that header.';
    throw new OpsroomError('USAGE', { what: `"${name}" is reached with a header Authorization of its own.`, mend });
  }
  if (url.includes('{{'))
    throw new OpsroomError('USAGE', { what: `The address of "${name}" holds a secret: nobody signs in there.` });
  return { url, allowAddresses };
}
