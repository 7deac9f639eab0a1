import type pg from 'pg';

/** Anything that runs a statement: a pool or a client inside a transaction. */
export type Sql = Pick<pg.Pool, 'query'>;
