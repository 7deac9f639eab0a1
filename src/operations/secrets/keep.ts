import { appendAudit } from '#record/audit-store.js';
import { setHosts } from '#secrets/hosts-store.js';
import type { Scope } from '#secrets/scope.js';
import { listSecrets, type SecretRow, type Sql } from '#secrets/store.js';
import type { Room } from '../room.js';
import { type SecretView, shownSecret } from './view.js';

export const MOST_KEPT = 10;
export const USUALLY_KEPT = 2;

export type Wanted = Scope & {
  readonly name: string;
  readonly value: string;
  /** Left out: as it was bound before. */
  readonly hosts?: readonly string[] | undefined;
};

/** Sets secrets, and notes each in the audit log: all of them or none. Values go nowhere else. */
export async function keepSecrets(room: Room, wanted: readonly Wanted[], keep: number): Promise<SecretView[]> {
  const { org, by } = room;
  const views = await room.database.engineTx(async (tx) => {
    const rows: SecretRow[] = [];
    for (const { hosts, ...secret } of wanted) {
      rows.push(await room.vault.put(tx, { ...secret, org, by, keep }));
      if (hosts !== undefined) await setHosts(tx, { ...secret, org }, hosts, by);
    }
    const shown = await shownRows(tx, org, rows);
    const facts = rows.map(({ name, environment, app, version, createdAt }, place) => ({
      at: createdAt.toISOString(),
      kind: 'secret.set',
      actor: by,
      data: { name, environment, app, version, ...boundTo(wanted[place]) },
    }));
    await appendAudit(tx, org, facts);
    return shown;
  });
  room.secrets.forget(org);
  return views;
}

const boundTo = (wanted: Wanted | undefined) => (wanted?.hosts === undefined ? {} : { hosts: [...wanted.hosts] });

async function shownRows(tx: Sql, org: string, rows: readonly SecretRow[]): Promise<SecretView[]> {
  const listed = await listSecrets(tx, org, rows.length === 1 ? rows[0]?.name : undefined);
  return listed
    .filter((one) => rows.some((row) => row.name === one.name && sameScope(row, one)))
    .map((one) => shownSecret(one));
}

export const sameScope = (one: Scope, other: Scope): boolean =>
  one.environment === other.environment && one.app === other.app;
