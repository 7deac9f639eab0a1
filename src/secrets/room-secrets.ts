import type { Database } from '#db/database.js';
import { dbError } from '#db/pg-errors.js';
import type { Clock } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';
import { type Destination, hostText, isHostNamed } from '#kit/hosts.js';
import { createMask, type Mask, reasonAgainst } from '#observe/redact.js';
import { type HostsRow, listHosts } from './hosts-store.js';
import { mostSpecific, type Target } from './scope.js';
import { readAllSecrets, type SecretSource } from './source.js';
import { insertUses, type Origin, stampOf } from './store.js';
import type { Opened, Vault } from './vault.js';
import { VAULT_KEY_VARIABLE, type VaultKey } from './vault-key.js';

/** What the steps of a run are given, and the mask over every secret that there is, of other targets too. */
export interface RunSecrets {
  readonly values: Readonly<Record<string, string>>;
  /** `refused` names those of this target that must not be used. */
  readonly mask: Mask;
  /** Notes that a step was given these, once for each step. Names that stand for nothing here are passed over. */
  note(step: { readonly runId: string; readonly stepId: string }, names: Iterable<string>): Promise<void>;
  /** Whether a secret may go to some hosts only. */
  isBound(name: string): boolean;
  /** @throws OpsroomError SECRET_DESTINATION, once the refusal is noted, for a secret that may not go there */
  admit(by: SecretUser, names: Iterable<string>, to: Destination): Promise<void>;
}

type SecretUser = { readonly runId: string; readonly stepId: string } | { readonly server: string };

/** What was not sent, for the audit log. */
export interface RefusedSending {
  readonly name: string;
  /** `HOST:PORT`. */
  readonly to: string;
  readonly run: string | null;
  readonly step: string | null;
  /** The MCP server that was to be looked at. */
  readonly server: string | null;
}

export interface RoomSecretsParts {
  readonly vault: Vault;
  readonly database: Pick<Database, 'engine'>;
  /** Values that this process was started with or was lent: they win over the vault. */
  readonly environment: SecretSource;
  /** Those of `secrets.env`: the vault wins over them. */
  readonly file: SecretSource;
  /** Whose these two are: the first organisation of the installation. */
  readonly own: string;
  readonly clock: Clock;
  /** Told of each new mask, so that what is no run's (the room's log) is masked too. */
  readonly learn: (org: string, mask: Mask) => void;
  /** Notes that a secret was not sent. */
  readonly refused: (org: string, sending: RefusedSending) => Promise<void>;
}

/** Every step asks several times, and a mask over many secrets takes milliseconds to build. */
const REMEMBER_MS = 1000;
const MOST_TARGETS = 100;

type Named = Origin & { readonly name: string; readonly value?: string; readonly problem?: string };

interface Known {
  readonly stamp: string;
  readonly environment: ReadonlyMap<string, string>;
  readonly file: ReadonlyMap<string, string>;
  readonly keys: readonly VaultKey[];
  readonly vault: readonly Opened[];
  readonly hosts: readonly HostsRow[];
  readonly mask: Mask;
  readonly ofTarget: Map<string, RunSecrets>;
}

interface Remembered {
  until: number;
  readonly known: Promise<Known>;
}

/** The secrets of the room as its runs see them: of the environment, the vault and the secrets file, by organisation and target. */
export class RoomSecrets {
  private readonly remembered = new Map<string, Remembered>();

  constructor(private readonly parts: RoomSecretsParts) {}

  /**
   * What a run of an organisation is given on its target.
   * @throws OpsroomError VAULT_KEY, SECRETS_FILE: without all of them nothing could be masked; DATABASE_UNREACHABLE
   */
  async of(org: string, target: Target): Promise<RunSecrets> {
    const known = await this.know(org);
    const key = JSON.stringify([target.environment ?? '', target.app ?? '']);
    const found = known.ofTarget.get(key) ?? this.choose(org, known, target);
    if (known.ofTarget.size >= MOST_TARGETS) known.ofTarget.clear();
    known.ofTarget.set(key, found);
    return found;
  }

  /** Names that are set outside of the vault. */
  async elsewhere(org: string): Promise<{ name: string; source: 'environment' | 'file' }[]> {
    if (org !== this.parts.own) return [];
    const [environment, file] = await Promise.all([this.parts.environment.names(), this.parts.file.names()]);
    return [
      ...environment.map((name) => ({ name, source: 'environment' as const })),
      ...file.map((name) => ({ name, source: 'file' as const })),
    ];
  }

  /** What was set in this process counts at once. */
  forget(org: string): void {
    const last = this.remembered.get(org);
    if (last) last.until = 0;
  }

  private know(org: string): Promise<Known> {
    const now = this.parts.clock.monotonicMs();
    const last = this.remembered.get(org);
    if (last && now <= last.until) return last.known;
    const known = this.load(org, last?.known);
    this.remembered.set(org, { until: now + REMEMBER_MS, known });
    known.catch(() => {
      if (this.remembered.get(org)?.known === known) this.remembered.delete(org);
    });
    return known;
  }

  /** Taken anew only when something changed. While the database is away, what was known a moment ago still holds. */
  private async load(org: string, before: Promise<Known> | undefined): Promise<Known> {
    const last = await before?.catch(() => undefined);
    const { vault, database, learn } = this.parts;
    const [environment, file] = await Promise.all([
      readAllSecrets(this.parts.environment),
      readAllSecrets(this.parts.file),
    ]);
    const stamp = await stampOf(database.engine, org).catch((error: unknown) => {
      if (last === undefined || dbError(error).code !== 'DATABASE_UNREACHABLE') throw error;
      return last.stamp;
    });
    const keys = await this.ownKeys(last?.keys ?? []);
    const isSame = same(last?.environment, environment) && same(last?.file, file) && sameKeys(last?.keys, keys);
    if (last?.stamp === stamp && isSame) return last;
    const opened = await vault.openAll(database.engine, org);
    const hosts = await listHosts(database.engine, org);
    const shown = await vault.openSignIns(database.engine, org);
    const mask = createMask([...environment, ...file, ...valuesOf(opened), ...keys.flatMap(writtenKey), ...shown]);
    learn(org, mask);
    return { stamp, environment, file, keys, vault: opened, hosts, mask, ofTarget: new Map() };
  }

  /** A step that is not isolated can read the file of the key, and print it. One that cannot be read stays as it was known. */
  private async ownKeys(known: readonly VaultKey[]): Promise<readonly VaultKey[]> {
    const keys = await this.parts.vault.keys().catch(() => undefined);
    return keys?.all ?? known;
  }

  private choose(org: string, known: Known, target: Target): RunSecrets {
    const chosen = new Map<string, Named>();
    if (org === this.parts.own) outside(known.file, 'file', chosen);
    const newest = known.vault.filter((one, place) => place === 0 || !sameSecret(one, known.vault[place - 1]));
    for (const [name, one] of mostSpecific(newest, target)) chosen.set(name, { source: 'vault', ...one });
    if (org === this.parts.own) outside(known.environment, 'environment', chosen);
    const bound = mostSpecific(known.hosts, target);
    const values = [...chosen.values()].flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]));
    return {
      values: Object.fromEntries(values) as Record<string, string>,
      mask: { ...known.mask, refused: [...chosen.values()].flatMap(refusal) },
      note: (step, names) => this.note(org, step, chosen, names),
      isBound: (name) => bound.has(name),
      admit: (by, names, to) => this.admit(org, bound, by, { names, to }),
    };
  }

  private async admit(
    org: string,
    bound: ReadonlyMap<string, HostsRow>,
    by: SecretUser,
    { names, to }: { readonly names: Iterable<string>; readonly to: Destination },
  ): Promise<void> {
    const elsewhere = [...names].flatMap((name) => bound.get(name) ?? []).find(({ hosts }) => !isHostNamed(hosts, to));
    if (elsewhere === undefined) return;
    const { name, hosts } = elsewhere;
    const user = 'server' in by ? { run: null, step: null, ...by } : { run: by.runId, step: by.stepId, server: null };
    await this.parts.refused(org, { name, to: hostText(to), ...user });
    throw new OpsroomError('SECRET_DESTINATION', {
      what: `The secret ${name} is not for ${hostText(to)}: it may go to ${hosts.join(', ')}.`,
      where: user.step === null ? `MCP server ${user.server}` : `step ${user.step}`,
      mend: `Mend the address, or say where else it may go: \`opsroom secrets bind ${name} --hosts …\`.`,
    });
  }

  private async note(
    org: string,
    { runId, stepId }: { readonly runId: string; readonly stepId: string },
    chosen: ReadonlyMap<string, Named>,
    names: Iterable<string>,
  ): Promise<void> {
    const used = [...names].flatMap((name) => chosen.get(name) ?? []);
    if (used.length > 0) await insertUses(this.parts.database.engine, { org, run: runId, step: stepId }, used);
  }
}

function outside(values: ReadonlyMap<string, string>, source: 'environment' | 'file', into: Map<string, Named>): void {
  for (const [name, value] of values) into.set(name, { name, value, source, environment: '', app: '', version: 0 });
}

function refusal({ name, value, problem }: Named): { name: string; reason: string }[] {
  const reason = value === undefined ? `not to be opened: ${problem}` : reasonAgainst(value);
  return reason === undefined ? [] : [{ name, reason }];
}

const valuesOf = (opened: readonly Opened[]): [string, string][] =>
  opened.flatMap((one): [string, string][] => ('value' in one ? [[one.name, one.value]] : []));

const sameSecret = (one: Opened, other: Opened | undefined): boolean =>
  one.name === other?.name && one.environment === other.environment && one.app === other.app;

const same = (one: ReadonlyMap<string, string> | undefined, other: ReadonlyMap<string, string>): boolean =>
  one?.size === other.size && [...one].every(([name, value]) => other.get(name) === value);

const sameKeys = (some: readonly VaultKey[] | undefined, others: readonly VaultKey[]): boolean =>
  some?.length === others.length && some.every(({ id }, place) => id === others[place]?.id);

const writtenKey = ({ bytes }: VaultKey): [string, string][] => [
  [VAULT_KEY_VARIABLE, bytes.toString('base64')],
  [VAULT_KEY_VARIABLE, bytes.toString('hex')],
];
