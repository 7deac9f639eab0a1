import { type Client, escapeIdentifier } from 'pg';
import type { OnProgress } from './backup.js';
import { TableTotal, unusable } from './backup-format.js';
import { type Column, qualified, type Table } from './tables.js';

const BATCH_CHARACTERS = 1024 * 1024;

/** Inserts rows in groups, and holds the count and the digest against what the backup says. */
export class TableLoader {
  private readonly total = new TableTotal();
  private batch: string[] = [];
  private characters = 0;
  private rows = 0;

  constructor(
    private readonly client: Client,
    private readonly table: Table,
    private readonly progress: OnProgress,
  ) {}

  async add(row: string): Promise<void> {
    this.total.add(row);
    this.batch.push(row);
    this.characters += row.length;
    if (this.characters > BATCH_CHARACTERS) await this.flush();
  }

  async finish(said: { rows: number; sha256: string }): Promise<void> {
    await this.flush();
    const found = this.total.finish();
    if (found.rows === said.rows && found.sha256 === said.sha256) return;
    throw unusable(`The backup is damaged: the rows of ${this.table.name} are not those that were written.`);
  }

  private async flush(): Promise<void> {
    if (this.batch.length === 0) return;
    const { name, columns } = this.table;
    const into = columns.map((column) => escapeIdentifier(column.name)).join(', ');
    const values = columns.map(valueOf).join(', ');
    const text = `insert into ${qualified(name)} (${into}) overriding system value select ${values} from json_array_elements($1::json) r`;
    await this.client.query(text, [`[${this.batch.join(',')}]`]);
    this.rows += this.batch.length;
    this.progress({ table: name, rows: this.rows });
    [this.batch, this.characters] = [[], 0];
  }
}

/** The number of a transaction means something on the server that gave it, and nothing on another. */
const valueOf = ({ type }: Column, index: number): string =>
  type === 'xid8' ? 'null::xid8' : `(r ->> ${index})::${type}`;
