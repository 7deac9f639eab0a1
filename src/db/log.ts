import type { Logger } from 'pino';

/** What this folder says while it works: structured fields first, then the sentence (pino's order). */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
