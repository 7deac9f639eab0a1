import type { Command } from '#compile/shell/facts.js';
import { removingCall, unknownCalls } from './sql-functions.js';

const CLIENTS = /^(?:psql|mysql|mariadb|sqlite3|clickhouse-client|clickhouse|sqlcmd|cockroach|duckdb|cqlsh|bq|influx)$/;
/** What the SQL stands behind, as a word of its own or in the same one; of psql and mysql letters may come before, as in `-tAc`. */
const TEXT_OPTIONS: Readonly<Record<string, RegExp>> = {
  psql: /^(?:-[aAbeEHlnqsStwWxXz01]*c|--command(?:=|$))/,
  mysql: /^(?:-[ABbCEfHiINnoqrstvwX]*e|--execute(?:=|$))/,
  mariadb: /^(?:-[ABbCEfHiINnoqrstvwX]*e|--execute(?:=|$))/,
};
const TEXT_OPTION = /^(?:-[ce]|-[qQ]$|--(?:command|execute|query)(?:=|$))/;

/** The SQL that a database client is given in the command or a heredoc; undefined when it is given none here. */
export function sqlOf({ program, args, input }: Pick<Command, 'program' | 'args' | 'input'>): string | undefined {
  if (!CLIENTS.test(program)) return undefined;
  const given = textsIn(program, args);
  // What is piped to a client that has its SQL in the command is data.
  const piped = input.kind === 'pipe' && given.length === 0 ? input.text : undefined;
  const texts = [...given, ...(input.kind === 'text' ? [input.text] : []), ...(piped === undefined ? [] : [piped])];
  return texts.length > 0 ? texts.join(';\n') : undefined;
}

function textsIn(program: string, args: readonly string[]): readonly string[] {
  return args.flatMap((word, at) => {
    const [option] = (TEXT_OPTIONS[program] ?? TEXT_OPTION).exec(word) ?? [];
    if (option !== undefined) return [word.slice(option.length) || (args[at + 1] ?? '')];
    return /^\s*(?:select|insert|update|delete|drop|truncate|alter|create)\s/i.test(word) ? [word] : [];
  });
}

const FILE_OPTIONS: Readonly<Record<string, RegExp>> = {
  psql: /^(?:-[aAbeEHlnqsStwWxXz01]*f|--file(?:=|$))/,
  cockroach: /^(?:-f|--file(?:=|$))/,
  cqlsh: /^(?:-f|--file(?:=|$))/,
  duckdb: /^-f$/,
  sqlcmd: /^-i/,
};
/** A file that SQL takes in, or what a shell puts in the place of a statement. */
const TAKES_IN =
  /\\(?:ir?|include(?:_relative)?)\s|(?:^|[;\n])[ \t"']*(?:(?:source|\\\.|\.read|\.restore)\s+\S|\$\(|`)/i;

/**
 * Whether a database client does what SQL says that is not here: `psql < dump.sql`, `psql -f dump.sql`, `unzip -p dump.zip | mysql`,
 * `mysql -e "source dump.sql"`. What is piped to a client that has its SQL in the command is data.
 */
export function runsUnseenSql({ program, args, input }: Pick<Command, 'program' | 'args' | 'input'>): boolean {
  if (!CLIENTS.test(program)) return false;
  const option = FILE_OPTIONS[program];
  const files = args.flatMap((word, at) => {
    const [found] = option?.exec(word) ?? [];
    return found === undefined ? [] : [word.slice(found.length) || (args[at + 1] ?? '')];
  });
  if (files.some((file) => !/^(?:-|\/dev\/stdin|)$/.test(file))) return true;
  const texts = textsIn(program, args);
  if ([...args, ...texts, input.kind === 'text' ? input.text : ''].some((text) => TAKES_IN.test(text))) return true;
  if (texts.length > 0 && files.length === 0) return false;
  return (
    input.kind === 'file' || (input.kind === 'pipe' && !input.from.every((before) => /^(?:echo|printf)$/.test(before)))
  );
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
    if (/^alter table \S+(?: on cluster \S+)? delete\b/i.test(statement)) return 'deletes rows of a table';
    if (/^alter\b.*\bdrop\b/i.test(statement)) return 'drops something of the database';
    if (/\bpg_terminate_backend\b|^kill\b/i.test(statement)) return 'ends connections of others';
    if (/^(?:flush|reset (?:master|slave|replica)|purge)\b/i.test(statement)) return 'discards what the server keeps';
    const called = removingCall(statement);
    if (called !== undefined) return `calls "${called}", which by its name removes what may be needed`;
  }
  return undefined;
}

/** True when every statement only reads, and calls no function that may do more. */
export function isReadOnlySql(sql: string): boolean {
  const all = statements(sql).filter((statement) => statement !== '');
  return all.length > 0 && all.every(isReading);
}

function isReading(statement: string): boolean {
  return READS.test(statement) && !WRITES.test(statement) && unknownCalls(statement).length === 0;
}

const READS =
  /^(?:select|show|explain|describe|desc|table|values|with|\\(?:l|d|dt|du|dn|conninfo|x|timing|dx|di|df|dv)[+S]?(?: |$))/i;
const WRITES =
  /\b(?:insert|update|delete|drop|truncate|alter|create|grant|revoke|into|copy|analyze|call|nextval|setval|pg_terminate_backend|pg_cancel_backend|pg_reload_conf|pg_promote|pg_switch_wal|lo_\w+|dblink\w*|for update)\b/i;
