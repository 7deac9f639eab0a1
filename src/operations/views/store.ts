import type pg from 'pg';
import type { RunFilter } from '../runs/filter.js';

/** A transaction of the ordinary role, confined to one organisation. */
type Sql = Pick<pg.ClientBase, 'query'>;

export interface SavedViewRow {
  readonly id: string;
  readonly name: string;
  /** null: everybody's. */
  readonly owner: string | null;
  readonly filter: RunFilter;
  readonly createdBy: string;
  readonly createdAt: Date;
}

const SHOWN = 'id, name, owner, filter, created_by as "createdBy", created_at as "createdAt"';

/** Those of `by` and everybody's, in the order in which they were made. */
export async function listViews(sql: Sql, org: string, by: string): Promise<SavedViewRow[]> {
  const { rows } = await sql.query<SavedViewRow>(
    `select ${SHOWN} from opsroom.saved_views where org_id = $1 and (owner is null or owner = $2) order by created_at, id`,
    [org, by],
  );
  return rows;
}

export type NewView = Omit<SavedViewRow, 'createdAt'> & { readonly org: string };

/** Undefined when the owner has one of that name. */
export async function insertView(sql: Sql, view: NewView): Promise<SavedViewRow | undefined> {
  const { rows } = await sql.query<SavedViewRow>(
    `insert into opsroom.saved_views (org_id, id, name, owner, filter, created_by) values ($1, $2, $3, $4, $5, $6)
     on conflict (org_id, coalesce(owner, ''), lower(name)) do nothing returning ${SHOWN}`,
    [view.org, view.id, view.name, view.owner, JSON.stringify(view.filter), view.createdBy],
  );
  return rows[0];
}

/** Of `by`'s own and everybody's views, the one of this id or name; its own before one that is everybody's. */
export async function findView(sql: Sql, org: string, by: string, which: string): Promise<SavedViewRow | undefined> {
  const { rows } = await sql.query<SavedViewRow>(
    `select ${SHOWN} from opsroom.saved_views where org_id = $1 and (owner is null or owner = $2)
       and (id::text = $3 or lower(name) = lower($3)) order by id::text = $3 desc, owner nulls last limit 1`,
    [org, by, which],
  );
  return rows[0];
}

export async function deleteView(sql: Sql, org: string, id: string): Promise<void> {
  await sql.query('delete from opsroom.saved_views where org_id = $1 and id = $2', [org, id]);
}
