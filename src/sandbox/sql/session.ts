import type { JsonValue } from '#ir/json.js';

export interface SqlField {
  readonly name: string;
  /** The engine's own name or number of the type. */
  readonly type: string;
}

export interface SqlStatement {
  readonly query: string;
  readonly params: readonly JsonValue[];
  readonly maxRows: number;
}

export interface SqlResult {
  /** Objects by column name; a repeated name gets `_2`, `_3`. */
  readonly rows: { [column: string]: JsonValue }[];
  /** Rows returned, or changed by a statement that returns none. */
  readonly rowCount: number;
  readonly fields: SqlField[];
  /** There were more rows than `maxRows`, or more bytes than fit. */
  readonly truncated: boolean;
}

/** One connection in one transaction, the same over both engines. Every method rejects with a `SqlFailure` or the socket's error. */
export interface SqlSession {
  begin(readOnly: boolean, timeoutMs: number): Promise<void>;
  run(statement: SqlStatement): Promise<SqlResult>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Asks the server, over a second connection, to stop the statement that runs. Best effort. */
  cancel(): Promise<void>;
  /** Closes at once; what is not committed is rolled back by the server. */
  close(): void;
}

/** Rows kept in memory; beyond that a result is cut as if `maxRows` had been reached. */
export const MAX_RESULT_BYTES = 8 * 1024 * 1024;

/** Collects rows up to both limits. */
export class RowCollector {
  readonly rows: { [column: string]: JsonValue }[] = [];
  truncated = false;
  #bytes = 0;
  readonly #maxRows: number;

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  /** False when the row did not fit; later rows are then refused as well. */
  add(names: readonly string[], values: readonly JsonValue[]): boolean {
    this.#bytes += JSON.stringify(values).length;
    this.truncated ||= this.rows.length >= this.#maxRows || this.#bytes > MAX_RESULT_BYTES;
    if (!this.truncated) this.rows.push(Object.fromEntries(names.map((name, i) => [name, values[i] ?? null])));
    return !this.truncated;
  }
}

/** Makes column names distinct: `id, id` becomes `id, id_2`. */
export function distinctNames(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((name) => {
    let distinct = name;
    for (let n = 2; seen.has(distinct); n += 1) distinct = `${name}_${n}`;
    seen.add(distinct);
    return distinct;
  });
}
