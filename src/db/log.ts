import type { Logger } from '#observe/log.js';

/** What this folder says while it works. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
