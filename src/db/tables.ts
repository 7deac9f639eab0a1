import { type Client, escapeIdentifier } from 'pg';

export interface Column {
  readonly name: string;
  /** As PostgreSQL writes it in a cast. */
  readonly type: string;
}

/** A table that holds rows itself: an ordinary one or a partition. Generated columns are left out. */
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
}

export interface Partition {
  readonly name: string;
  readonly parent: string;
  /** `FOR VALUES FROM (…) TO (…)`, `FOR VALUES IN (…)` or `DEFAULT`. */
  readonly bound: string;
}

export interface Sequence {
  readonly name: string;
  readonly last: string;
  readonly called: boolean;
}

type Queryable = Pick<Client, 'query'>;

/** The quoted, qualified name of something in our schema. */
export const qualified = (name: string): string => `opsroom.${escapeIdentifier(name)}`;

/** Every table of ours that holds rows, but the record of migrations, which belongs to the installation. */
export async function listTables(client: Queryable): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `select c.relname::text as name,
            json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace = 'opsroom'::regnamespace and c.relkind = 'r' and c.relname <> 'migrations'
     group by c.relname order by c.relname`,
  );
  return rows;
}

/** Partitions of our tables, outermost first. */
export async function listPartitions(client: Queryable): Promise<Partition[]> {
  const { rows } = await client.query<Partition>(
    `select c.relname::text as name, p.relname::text as parent, pg_get_expr(c.relpartbound, c.oid) as bound
     from pg_class c join pg_inherits i on i.inhrelid = c.oid join pg_class p on p.oid = i.inhparent
     where c.relnamespace = 'opsroom'::regnamespace and c.relispartition and c.relkind in ('r', 'p')
     order by c.relkind = 'r', c.relname`,
  );
  return rows;
}

/** Where our sequences stand. Read after the rows: a sequence that is ahead of them is harmless, one behind is not. */
export async function listSequences(client: Queryable): Promise<Sequence[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname::text as name from pg_class
     where relnamespace = 'opsroom'::regnamespace and relkind = 'S' order by relname`,
  );
  const sequences: Sequence[] = [];
  for (const { name } of rows) {
    const state = await client.query<Omit<Sequence, 'name'>>(
      `select last_value::text as last, is_called as called from ${qualified(name)}`,
    );
    for (const found of state.rows) sequences.push({ name, ...found });
  }
  return sequences;
}
