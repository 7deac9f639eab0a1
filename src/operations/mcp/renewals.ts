import {
  heldSignIn,
  leaveRenewal,
  nextSignIn,
  refuseSignIn,
  renewSignIn,
  type SealedSignIn,
  takeRenewal,
} from '#catalog/mcp/sign-in-store.js';
import type { Database } from '#db/database.js';
import { jsonDigest } from '#ir/digest.js';
import type { Clock } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';
import { ANSWERED_WITHIN_MS, renewGrant, revokeGrant } from '#tools/mcp/oauth.js';
import type { Bearer } from '#tools/mcp/ports.js';
import { following } from './kept.js';
import { expiryOf, type SealedGrants } from './sealed-grants.js';
import { placeOf, type Reached, signInAgain } from './sign-in-place.js';
import { inTurn, type Patience } from './turn.js';

interface Parts {
  readonly database: Pick<Database, 'engine' | 'engineTx'>;
  readonly clock: Clock;
  /** What is kept of the secrets' mask is made anew. */
  readonly learn: (org: string) => void;
}

/** Of an access token that runs out so soon another is taken beforehand. */
const BEFORE_MS = 30_000;
/** A process that dies with the turn keeps it for so long: more than whoever has it may take. */
const TURN_MS = ANSWERED_WITHIN_MS + 10_000;
/** Who waits longer than one turn waits behind others to whom nobody answers, either. */
const WAIT_MS = TURN_MS + 5000;

/** What a connection shows, and of which sealed sign-in it is. */
interface Shown {
  readonly body: Buffer;
  readonly token: string;
}

/** Shows what is held, and takes another token of the same sign-in once it no longer does. */
export class McpRenewals {
  /** Of this process, by what they go on from. Among processes, one at a time has the turn: see `takeRenewal`. */
  private readonly tries = new Map<string, Promise<Shown | undefined>>();

  constructor(
    private readonly parts: Parts,
    private readonly sealed: SealedGrants,
  ) {}

  /** What one connection to a server shows it. */
  bearer(org: string, server: Reached): Bearer {
    let shown: Shown | undefined;
    return {
      token: async (signal) => {
        shown = await this.usable(org, server, { shown, signal });
        return shown.token;
      },
      renew: async (signal) => {
        const held = await this.held(org, server);
        // Somebody else has taken another since.
        if (shown && !shown.body.equals(held.body)) return;
        await this.renew(server, held, this.patience(signal));
      },
    };
  }

  private patience(signal: AbortSignal | undefined): Patience {
    const { clock } = this.parts;
    return { clock, until: clock.monotonicMs() + WAIT_MS, signal };
  }

  private async held(org: string, server: Reached): Promise<SealedSignIn> {
    const held = await heldSignIn(this.parts.database.engine, org, server.id);
    if (held?.refused === null) return held;
    throw signInAgain(server, held?.refused ?? 'nobody is signed in there any more');
  }

  /** Asks each time whether somebody has signed out, and opens only what is another than was `shown`. */
  private async usable(
    org: string,
    server: Reached,
    { shown, signal }: { shown?: Shown | undefined; signal?: AbortSignal | undefined },
  ): Promise<Shown> {
    const held = await this.held(org, server);
    const now = this.parts.clock.now().getTime();
    if (held.expiresAt !== null && held.expiresAt.getTime() - now < BEFORE_MS)
      return this.renew(server, held, this.patience(signal));
    if (shown?.body.equals(held.body)) return shown;
    const { grant } = await this.sealed.openFor(server, held);
    return { body: held.body, token: grant.tokens?.access_token ?? '' };
  }

  /**
   * Takes another access token, in turn with the other processes of the room. No connection and no lock of the database is held meanwhile.
   * @throws OpsroomError MCP_SIGN_IN when nobody is signed in any more; UNREACHABLE, MCP_FAILED; what the signal aborts with
   */
  private async renew(server: Reached, held: SealedSignIn, patience: Patience): Promise<Shown> {
    const renewed = await inTurn(() => this.tryTogether(server, held), patience);
    if (renewed) return renewed;
    const what = `Other processes of the room wait for where one signs in at the MCP server "${server.name}", too: it does not answer.`;
    throw new OpsroomError('UNREACHABLE', { what });
  }

  /** Tries it once for all of this process who ask meanwhile. @returns undefined while another process has the turn */
  private tryTogether(server: Reached, held: SealedSignIn): Promise<Shown | undefined> {
    const key = `${jsonDigest(server.connection)} ${held.body.toString('base64')}`;
    const running = this.tries.get(key);
    if (running) return running;
    const one = this.tryOnce(server, held).finally(() => this.tries.delete(key));
    this.tries.set(key, one);
    return one;
  }

  private async tryOnce(server: Reached, held: SealedSignIn): Promise<Shown | undefined> {
    const { engine } = this.parts.database;
    const turn = await takeRenewal(engine, held, TURN_MS);
    if (turn === undefined) {
      const now = await this.held(held.org, server);
      return now.body.equals(held.body) ? undefined : this.usable(held.org, server, {});
    }
    try {
      return await this.renewAlone(server, held);
    } finally {
      // Where it cannot be given back, it comes to its end by itself.
      await leaveRenewal(engine, held, turn).catch(() => undefined);
    }
  }

  /** What came of it counts if nothing has changed since. It is not left half-way: what it goes on from is used up by then. */
  private async renewAlone(server: Reached, held: SealedSignIn): Promise<Shown> {
    const { database, clock, learn } = this.parts;
    const kept = await this.sealed.openFor(server, held);
    const grant = await renewGrant(placeOf(server), kept.grant, clock.now()).catch(async (error: unknown) => {
      if (!(error instanceof OpsroomError) || error.code !== 'MCP_SIGN_IN') throw error;
      if (await refuseSignIn(database.engine, held, error.message.slice(0, 500)))
        throw signInAgain(server, error.message);
      return undefined;
    });
    if (!grant) return this.usable(held.org, server, {});
    const next = following(kept, grant, clock.now());
    const body = await database.engineTx(async (tx) => {
      const n = await nextSignIn(tx, held.org, held.serverId);
      const sealed = await this.sealed.seal(tx, { ...held, n }, next);
      return (await renewSignIn(tx, held, { n, expiresAt: expiryOf(grant), ...sealed })) ? sealed.body : undefined;
    });
    learn(held.org);
    if (body) return { body, token: grant.tokens?.access_token ?? '' };
    return this.usable(held.org, server, {}).catch(async (error: unknown) => {
      await revokeGrant(placeOf(server), grant).catch(() => undefined);
      throw error;
    });
  }
}
