import type { Command } from '#compile/shell/facts.js';

const CLIENTS = /^(?:psql|mysql|mariadb|sqlite3|clickhouse-client|clickhouse|sqlcmd|cockroach|duckdb|cqlsh|bq|influx)$/;
const TEXT_OPTIONS = /^(?:-c|-e|--command|--execute|--query|-q|-Q)(?:=|$)/;

/** The SQL that a database client is given in the command or a heredoc; undefined when it is given none here. */
export function sqlOf({ program, args, input }: Pick<Command, 'program' | 'args' | 'input'>): string | undefined {
  if (!CLIENTS.test(program)) return undefined;
  const texts: string[] = [];
  for (const [index, word] of args.entries()) {
    const [option = ''] = TEXT_OPTIONS.exec(word) ?? [];
    if (option.endsWith('=')) texts.push(word.slice(option.length));
    else if (option !== '') texts.push(args[index + 1] ?? '');
    else if (/^-[ce]\S/.test(word)) texts.push(word.slice(2));
    else if (/^\s*(?:select|insert|update|delete|drop|truncate|alter|create)\s/i.test(word)) texts.push(word);
  }
  if (input.kind === 'text') texts.push(input.text);
  return texts.length > 0 ? texts.join(';\n') : undefined;
}

/** What brings a file, or what another database holds, to a client: `zcat dump.sql.gz | mysql`, `pg_dump a | psql b`. */
const BRINGS =
  /^(?:cat|zcat|gzcat|gunzip|gzip|pigz|bzcat|bunzip2|xzcat|xz|unxz|zstdcat|zstd|lz4|openssl|gpg|age|pg_dump|pg_dumpall|pg_restore|mysqldump|mariadb-dump|aws|gsutil|curl|wget|ssh)$/;

/** Whether a database client does what a file says that is not here: `psql < dump.sql`, `psql -f dump.sql`. */
export function runsSqlOfFile({ program, args, input }: Pick<Command, 'program' | 'args' | 'input'>): boolean {
  if (!CLIENTS.test(program)) return false;
  if (program === 'psql' && args.some((word) => /^(?:-f|--file(?:=.*)?)$/.test(word))) return true;
  return input.kind === 'file' || (input.kind === 'pipe' && input.from.some((before) => BRINGS.test(before)));
}

/** Statements without comments and the contents of string literals. */
function statements(sql: string): readonly string[] {
  const bare = sql.replace(/--[^\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*\*\/|'[^']*'/g, ' ');
  return bare.split(';').map((statement) => statement.replace(/^[\s"]+|[\s"]+$/g, '').replace(/\s+/g, ' '));
}

/** Why a piece of SQL destroys data; undefined when no statement of it does. */
export function destructiveSql(sql: string): string | undefined {
  for (const statement of statements(sql)) {
    if (/^drop\b/i.test(statement)) return 'drops something of the database';
    if (/^truncate\b/i.test(statement)) return 'empties a table';
    if (/\bdelete from\b/i.test(statement) && !/\bwhere\b/i.test(statement)) return 'deletes every row of a table';
    if (/^update\b/i.test(statement) && /\bset\b/i.test(statement) && !/\bwhere\b/i.test(statement))
      return 'changes every row of a table';
    if (/^alter\b.*\bdrop\b/i.test(statement)) return 'drops something of the database';
    if (/\bpg_terminate_backend\b|^kill\b/i.test(statement)) return 'ends connections of others';
    if (/^(?:flush|reset master|purge)\b/i.test(statement)) return 'discards what the server keeps';
  }
  return undefined;
}

/** True when every statement only reads. Functions may still write; their names are not known. */
export function isReadOnlySql(sql: string): boolean {
  const all = statements(sql).filter((statement) => statement !== '');
  return all.length > 0 && all.every((statement) => READS.test(statement) && !WRITES.test(statement));
}

const READS =
  /^(?:select|show|explain|describe|desc|table|values|with|\\(?:l|d|dt|du|dn|conninfo|x|timing|dx|di|df|dv)[+S]?(?: |$))/i;
const WRITES =
  /\b(?:insert|update|delete|drop|truncate|alter|create|grant|revoke|into|copy|analyze|call|nextval|setval|pg_terminate_backend|pg_cancel_backend|pg_reload_conf|pg_promote|pg_switch_wal|lo_\w+|dblink\w*|for update)\b/i;
