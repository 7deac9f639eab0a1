import type { SealedSignIn } from '#catalog/mcp/sign-in-store.js';
import { jsonDigest } from '#ir/digest.js';
import type { Sql } from '#record/store.js';
import type { Vault } from '#secrets/vault.js';
import type { Grant } from '#tools/mcp/grant.js';
import type { Kept } from './kept.js';
import { type Reached, signInAgain } from './sign-in-place.js';

type Place = Pick<SealedSignIn, 'org' | 'serverId' | 'kind' | 'n'>;

/** Seals what a sign-in goes on from, and opens it: each for its own place alone. */
export class SealedGrants {
  constructor(private readonly vault: Pick<Vault, 'sealOwn' | 'openOwn'>) {}

  seal(tx: Sql, of: Place, kept: Kept) {
    return this.vault.sealOwn(tx, JSON.stringify(kept), vaultPlace(of));
  }

  async open(row: SealedSignIn): Promise<Kept> {
    return JSON.parse(await this.vault.openOwn(row, vaultPlace(row))) as Kept;
  }

  /** @throws OpsroomError MCP_SIGN_IN for a sign-in at another address than this connection goes to */
  async openFor(server: Reached, held: SealedSignIn): Promise<Kept> {
    const kept = await this.open(held);
    if (kept.connection === jsonDigest(server.connection)) return kept;
    throw signInAgain(server, 'what is held is for another address of it');
  }
}

/** When the access token runs out; null: it does not say. */
export const expiryOf = ({ expiresAt }: Grant): Date | null => (expiresAt === undefined ? null : new Date(expiresAt));

const vaultPlace = ({ org, serverId, kind, n }: Place) => ({
  org,
  name: `mcp:${serverId}:${kind}`,
  environment: '',
  app: '',
  version: n,
});
