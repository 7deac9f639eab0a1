import { join } from 'node:path';
import type { Database } from '#db/database.js';
import { OpsroomError } from '#kit/errors.js';
import { reasonAgainst } from '#observe/redact.js';
import { type Place, rewrap, type Sealed, seal, unseal, wrongKey } from './envelope.js';
import type { Scope } from './scope.js';
import {
  deleteVersions,
  insertSecret,
  keyIdsInUse,
  latestVersion,
  lockVault,
  type SealedRow,
  type SecretRow,
  type Sql,
  sealedElsewise,
  sealedOf,
  sealedSignIns,
  sizeBeside,
  updateWrap,
} from './store.js';
import {
  createKeyFile,
  makeVaultKey,
  readKeyFile,
  readVaultKeys,
  replaceKeyFile,
  VAULT_KEY_FILE,
  VAULT_KEY_VARIABLE,
  type VaultKeyPlaces,
  type VaultKeys,
} from './vault-key.js';

/** A mask takes some hundred bytes of memory for each byte of a secret. */
const MOST_SECRETS = 1000;
const MOST_BYTES = 256 * 1024;

export interface NewSecret extends Scope {
  readonly org: string;
  readonly name: string;
  readonly value: string;
  readonly by: string;
  /** How many earlier versions stay: they are not given to steps, but masked. */
  readonly keep: number;
}

/** A version that was opened, or why it could not be. */
export type Opened = Place & ({ readonly value: string } | { readonly problem: string });

export interface Exchanged {
  readonly from: readonly string[];
  readonly to: string;
  /** How many data keys were wrapped anew. */
  readonly rewrapped: number;
  /** It took up an exchange that had not come to its end. */
  readonly resumed: boolean;
}

/** Secrets at rest. The keys are read anew each time, so that an exchange needs no restart of others. */
export class Vault {
  private readonly file: string;

  constructor(private readonly places: VaultKeyPlaces) {
    this.file = join(places.folder, VAULT_KEY_FILE);
  }

  /** What the vault's keys are; undefined: there is none yet. @throws OpsroomError VAULT_KEY */
  keys(): Promise<VaultKeys | undefined> {
    return readVaultKeys(this.places);
  }

  /**
   * Sets a secret, as its next version. Within a transaction of the tables' owner. The first secret of all makes the vault's key.
   * @throws OpsroomError SECRET_REFUSED for a value that could not be masked or is too much; VAULT_KEY
   */
  async put(tx: Sql, { value, by, keep, ...secret }: NewSecret): Promise<SecretRow> {
    refuseValue(secret.name, value);
    await lockVault(tx, { write: secret.org });
    const { current } = await this.keysToWrite(tx);
    await refuseTooMuch(tx, secret, Buffer.byteLength(value));
    const version = (await latestVersion(tx, secret)) + 1;
    const place = { ...secret, version };
    const row = await insertSecret(tx, { ...place, ...seal(value, place, current) }, by);
    await deleteVersions(tx, secret, version - 1 - keep);
    return row;
  }

  /** Removes a secret of one scope with all its versions; returns them. Within a transaction of the tables' owner; needs no key. */
  async remove(tx: Sql, secret: Scope & { readonly org: string; readonly name: string }): Promise<number[]> {
    await lockVault(tx, { write: secret.org });
    return deleteVersions(tx, secret);
  }

  /**
   * Every version of every secret of an organisation, opened; the newest of each first. A row that was altered says so and
   * harms no other.
   * @throws OpsroomError VAULT_KEY when rows are there that no key opens: without them nothing could be masked
   */
  async openAll(sql: Sql, org: string): Promise<Opened[]> {
    const rows = await sealedOf(sql, org);
    if (rows.length === 0) return [];
    const all = (await this.keys())?.all ?? [];
    return rows.map((row) => {
      const { name, environment, app, version } = row;
      const place = { org, name, environment, app, version };
      try {
        return { ...place, value: unseal(row, place, all) };
      } catch (error) {
        if (!(error instanceof OpsroomError) || error.code !== 'SECRET_ALTERED') throw error;
        return { ...place, problem: error.message };
      }
    });
  }

  /**
   * What the room shows MCP servers where somebody has signed it in, by what it is: tokens are masked as secrets are, for a server
   * could say them again. A row that was altered is passed over: nobody can use it.
   * @throws OpsroomError VAULT_KEY
   */
  async openSignIns(sql: Sql, org: string): Promise<[name: string, value: string][]> {
    const rows = await sealedSignIns(sql, org);
    if (rows.length === 0) return [];
    const all = (await this.keys())?.all ?? [];
    return rows.flatMap((row) => {
      try {
        return tokensIn(row.name, JSON.parse(unseal(row, row, all)));
      } catch (error) {
        if (!(error instanceof OpsroomError) || error.code !== 'SECRET_ALTERED') throw error;
        return [];
      }
    });
  }

  /**
   * Puts a new vault key in the place of the one that is in use: both are in the file, then every data key is wrapped anew in
   * one transaction, then the old one goes. Cut short anywhere, everything still opens, and the next call goes on. Where the
   * environment gives the keys (the new one first), only the wrapping is done here.
   *
   * @param note runs within that transaction
   * @throws OpsroomError VAULT_KEY, SECRET_ALTERED; USAGE when there is nothing to exchange
   */
  async exchangeKey(
    database: Pick<Database, 'engineTx'>,
    note: (tx: Sql, exchanged: Exchanged) => Promise<void>,
  ): Promise<Exchanged> {
    const exchanged = await database.engineTx(async (tx) => {
      await lockVault(tx, 'exchange');
      const { keys, resumed } = await this.keysToExchange(tx);
      const rows = await sealedElsewise(tx, keys.current.id);
      for (const row of rows) await updateWrap(tx, wrappedAnew(row, keys));
      const from = keys.all.map(({ id }) => id).filter((id) => id !== keys.current.id);
      const done = { from, to: keys.current.id, rewrapped: rows.length, resumed };
      await note(tx, done);
      return done;
    });
    await database.engineTx((tx) => this.dropOldKeys(tx));
    return exchanged;
  }

  /**
   * Seals what the room keeps for itself beside the secrets, under no name that a plan could use. Within a transaction of the tables'
   * owner; the first thing of all makes the vault's key. @throws OpsroomError VAULT_KEY
   */
  async sealOwn(tx: Sql, value: string, place: Place): Promise<Sealed> {
    await lockVault(tx, { write: place.org });
    return seal(value, place, (await this.keysToWrite(tx)).current);
  }

  /** Opens what `sealOwn` sealed. @throws OpsroomError VAULT_KEY, SECRET_ALTERED */
  async openOwn(sealed: Sealed, place: Place): Promise<string> {
    return unseal(sealed, place, (await this.keys())?.all ?? []);
  }

  private async keysToWrite(tx: Sql): Promise<VaultKeys> {
    const keys = await this.keys();
    const inUse = await keyIdsInUse(tx);
    const strange = inUse.find((id) => !keys?.all.some((key) => key.id === id));
    if (strange !== undefined) throw wrongKey(strange, keys?.all ?? []);
    if (keys) return keys;
    const current = await createKeyFile(this.file);
    return { current, all: [current], from: 'file' };
  }

  private async keysToExchange(tx: Sql): Promise<{ keys: VaultKeys; resumed: boolean }> {
    if (!(await this.keys()) && (await keyIdsInUse(tx)).length === 0) {
      throw new OpsroomError('USAGE', { what: 'There is no vault yet.', mend: 'It is made with the first secret.' });
    }
    const keys = await this.keysToWrite(tx);
    if (keys.all.length > 1) return { keys, resumed: keys.from === 'file' };
    if (keys.from === 'environment') {
      const what = `The key comes from ${VAULT_KEY_VARIABLE}, and there is no other to put in its place.`;
      const mend = `Make one with \`openssl rand -base64 32\`, set ${VAULT_KEY_VARIABLE}=NEW,OLD everywhere, and call this again.`;
      throw new OpsroomError('USAGE', { what, mend });
    }
    const made = makeVaultKey();
    await replaceKeyFile(this.file, [made, ...keys.all]);
    return { keys: { current: made, all: [made, ...keys.all], from: 'file' }, resumed: false };
  }

  /** Only what no row needs any more goes, and the look at the rows and the file is under the lock. */
  private async dropOldKeys(tx: Sql): Promise<void> {
    await lockVault(tx, 'exchange');
    const kept = await readKeyFile(this.file);
    const inUse = new Set(await keyIdsInUse(tx));
    const needed = kept.filter(({ id }, place) => place === 0 || inUse.has(id));
    if (needed.length < kept.length) await replaceKeyFile(this.file, needed);
  }
}

/** Texts below names under which credentials stand, wherever they are. */
function tokensIn(name: string, value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]: [string, unknown]): [string, string][] => {
    if (typeof one === 'string') return TOKEN.test(key) && reasonAgainst(one) === undefined ? [[name, one]] : [];
    return tokensIn(name, one);
  });
}

const TOKEN = /^(?:access_token|refresh_token|id_token|client_secret|verifier)$/;

function wrappedAnew(row: SealedRow, { all, current }: VaultKeys): SealedRow {
  return { ...row, ...rewrap(row, row, all, current) };
}

function refuseValue(name: string, value: string): void {
  const whole = Buffer.from(value).toString() === value;
  const reason = whole ? reasonAgainst(value) : 'no text: it holds half a character';
  if (reason === undefined) return;
  throw new OpsroomError('SECRET_REFUSED', { what: `The value of ${name} is ${reason}.` });
}

async function refuseTooMuch(tx: Sql, secret: Scope & { org: string; name: string }, bytes: number): Promise<void> {
  const beside = await sizeBeside(tx, secret);
  if (beside.count < MOST_SECRETS && beside.bytes + bytes <= MOST_BYTES) return;
  const what = `The vault holds up to ${MOST_SECRETS} secrets and ${MOST_BYTES / 1024} KiB for an organisation; ${secret.name} is more.`;
  throw new OpsroomError('SECRET_REFUSED', { what, mend: 'Remove what is no longer used: `opsroom secrets list`.' });
}
