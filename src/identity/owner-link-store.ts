import type pg from 'pg';

type Sql = Pick<pg.ClientBase | pg.Pool, 'query'>;

export interface NewOwnerLink {
  readonly org: string;
  readonly hash: Buffer;
  /** The owner that it lets in; null: the first one, who is still to come. */
  readonly personId: string | null;
  /** The user of the machine that makes it. */
  readonly madeBy: string;
  readonly hours: number;
}

/** Keeps a link's hash. Links made before that were not used open nothing any more. */
export async function insertOwnerLink(tx: Sql, { org, hash, personId, madeBy, hours }: NewOwnerLink): Promise<void> {
  await tx.query('delete from opsroom.owner_links where org_id = $1 and used_at is null', [org]);
  await tx.query(
    `insert into opsroom.owner_links (org_id, hash, person_id, made_by, expires_at)
     values ($1, $2, $3, $4, clock_timestamp() + make_interval(hours => $5))`,
    [org, hash, personId, madeBy, hours],
  );
}

export interface OwnerLink {
  readonly org: string;
  readonly personId: string | null;
  /** Null: made before this was noted. */
  readonly madeBy: string | null;
  /** By the database's clock. */
  readonly expired: boolean;
  readonly used: boolean;
}

const LINK = `org_id as org, person_id as "personId", made_by as "madeBy", expires_at <= clock_timestamp() as expired, used_at is not null as used`;

export async function findOwnerLink(owner: Sql, hash: Buffer): Promise<OwnerLink | undefined> {
  const { rows } = await owner.query<OwnerLink>(`select ${LINK} from opsroom.owner_links where hash = $1`, [hash]);
  return rows[0];
}

/** Uses a link up. Of several who ask at once, one gets true. */
export async function useOwnerLink(tx: Sql, hash: Buffer): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update opsroom.owner_links set used_at = clock_timestamp()
     where hash = $1 and used_at is null and expires_at > clock_timestamp()`,
    [hash],
  );
  return rowCount === 1;
}
