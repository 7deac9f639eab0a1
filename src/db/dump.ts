import type { Client } from 'pg';

/**
 * The relations a dump and a backup look at: ours, but not the partitions that come and go with the days, nor what
 * hangs on them.
 */
const OURS = `c.relnamespace = 'opsroom'::regnamespace and not c.relispartition`;

/** Sections in the order they are printed; each gives one object a line (`object` sorts, `text` is printed). */
const SECTIONS: ReadonlyArray<{ readonly title: string; readonly sql: string }> = [
  {
    title: 'schema',
    sql: `select n.nspname::text as object, format('%s: %s', a.grantee::regrole, string_agg(lower(a.privilege_type), ', ' order by a.privilege_type)) as text
      from pg_namespace n, aclexplode(n.nspacl) a where n.nspname = 'opsroom' and a.grantee <> n.nspowner
      group by n.nspname, a.grantee`,
  },
  {
    title: 'types',
    sql: `select t.typname::text as object, format('%s: %s', t.typname, coalesce(
        (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid),
        (select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum)
         from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped),
        format_type(t.typbasetype, t.typtypmod))) as text
      from pg_type t left join pg_class c on c.oid = t.typrelid
      where t.typnamespace = 'opsroom'::regnamespace and (t.typtype in ('e', 'd') or c.relkind = 'c')`,
  },
  {
    title: 'tables',
    sql: `select c.relname::text as object, c.relname
        || coalesce(' partition by ' || pg_get_partkeydef(c.oid), '')
        || coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', '')
        || case when c.relpersistence = 'u' then ' unlogged' else '' end
        || case when c.relrowsecurity then ' row level security' else '' end
        || case when c.relforcerowsecurity then ' forced' else '' end as text
      from pg_class c where ${OURS} and c.relkind in ('r', 'p')`,
  },
  {
    title: 'columns',
    sql: `select format('%s %s', c.relname, lpad(a.attnum::text, 4, '0')) as object, format('%s.%s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod))
        || case when a.attnotnull then ' not null' else '' end
        || case a.attidentity when 'a' then ' identity always' when 'd' then ' identity by default' else '' end
        || case a.attgenerated when 's' then ' generated' else case when d.oid is null then '' else ' default' end end
        || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '')
        || case when a.attstorage <> t.typstorage then ' storage ' || a.attstorage::text else '' end
        || case when a.attcollation <> t.typcollation then ' collate ' || a.attcollation::regcollation::text else '' end as text
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where ${OURS} and c.relkind in ('r', 'p', 'v')`,
  },
  {
    // Not null is told with the columns; only newer servers list it here as well.
    title: 'constraints',
    sql: `select format('%s %s', c.relname, k.conname) as object, format('%s.%s %s', c.relname, k.conname, pg_get_constraintdef(k.oid)) as text
      from pg_class c join pg_constraint k on k.conrelid = c.oid where ${OURS} and k.contype <> 'n'`,
  },
  {
    title: 'indexes',
    sql: `select i.indexrelid::regclass::text as object, pg_get_indexdef(i.indexrelid) as text
      from pg_class c join pg_index i on i.indrelid = c.oid
      where ${OURS} and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))`,
  },
  {
    title: 'sequences',
    sql: `select c.relname::text as object, format('%s start %s step %s', c.relname, s.seqstart, s.seqincrement) as text
      from pg_class c join pg_sequence s on s.seqrelid = c.oid where ${OURS}`,
  },
  {
    title: 'views',
    sql: `select c.relname::text as object, format(E'%s as\\n%s', c.relname, pg_get_viewdef(c.oid)) as text
      from pg_class c where ${OURS} and c.relkind in ('v', 'm')`,
  },
  {
    title: 'policies',
    sql: `select format('%s %s', p.tablename, p.policyname) as object, format('%s.%s %s for %s to %s', p.tablename, p.policyname, lower(p.permissive), lower(p.cmd), array_to_string(p.roles, ', '))
        || coalesce(' using ' || p.qual, '') || coalesce(' with check ' || p.with_check, '') as text
      from pg_policies p where p.schemaname = 'opsroom'`,
  },
  {
    title: 'grants',
    sql: `select format('%s %s', c.relname, a.grantee::regrole) as object,
        format('%s to %s: %s', c.relname, a.grantee::regrole, string_agg(lower(a.privilege_type), ', ' order by a.privilege_type)) as text
      from pg_class c, aclexplode(c.relacl) a where ${OURS} and a.grantee <> c.relowner group by c.relname, a.grantee
      union all
      select format('%s %s', c.relname, x.attname), format('%s (%s) to %s: %s', c.relname, x.attname, a.grantee::regrole, string_agg(lower(a.privilege_type), ', ' order by a.privilege_type))
      from pg_class c join pg_attribute x on x.attrelid = c.oid, aclexplode(x.attacl) a where ${OURS} group by c.relname, x.attname, a.grantee`,
  },
  {
    title: 'triggers',
    sql: `select format('%s %s', c.relname, t.tgname) as object, pg_get_triggerdef(t.oid) as text
      from pg_class c join pg_trigger t on t.tgrelid = c.oid where ${OURS} and not t.tgisinternal`,
  },
  {
    title: 'functions',
    sql: `select p.oid::regprocedure::text as object, pg_get_functiondef(p.oid)
        || coalesce((select string_agg(format(E'-- execute to %s\\n', case a.grantee when 0 then 'public' else a.grantee::regrole::text end), '' order by a.grantee::regrole::text)
                     from aclexplode(p.proacl) a where a.grantee <> p.proowner), '') as text
      from pg_proc p where p.pronamespace = 'opsroom'::regnamespace`,
  },
];

/**
 * The schema as stable text, from the catalogue alone: two databases with the same text have the same schema. It is
 * kept in src/db/schema.sql to be read and compared, not to be run.
 */
export async function dumpSchema(client: Pick<Client, 'query'>): Promise<string> {
  const sections: string[] = [];
  for (const { title, sql } of SECTIONS) {
    const sorted = `select text from (${sql}) lines order by object collate "C", text collate "C"`;
    const { rows } = await client.query<{ text: string }>(sorted);
    if (rows.length > 0) sections.push(`-- ${title}\n${rows.map((row) => row.text.trimEnd()).join('\n')}\n`);
  }
  return `${HEADER}\n${sections.join('\n')}`;
}

const HEADER = `-- The migrated schema, to be read: written by \`node scripts/schema.mjs\`, held equal to the migrations by a test.
`;
