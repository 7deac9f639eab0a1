import type { OnRows } from '#operations/maintain.js';
import type { Output } from './output.js';

/** Shows how far a backup or a restore is, and counts. */
export class RowCounter {
  private readonly tables = new Map<string, number>();

  constructor(private readonly output: Output) {}

  readonly seen: OnRows = ({ table, rows }) => {
    if (!this.tables.has(table) && !this.output.live) this.output.note(`… ${table}`);
    this.tables.set(table, rows);
    this.output.status(`${table}: ${rows} rows`);
  };

  /** Ends the live line. */
  finish(): { readonly tables: number; readonly rows: number } {
    this.output.status(undefined);
    return { tables: this.tables.size, rows: [...this.tables.values()].reduce((sum, rows) => sum + rows, 0) };
  }
}
