import { pino } from 'pino';
import type { Mask } from './redact.js';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What the rest of the code logs with; passed in, never global. `fields` are JSON-like; an Error goes under `err`. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger whose lines carry `fields` as well. */
  child(fields: object): Logger;
}

/** What a log needs of a mask. */
export type LogMask = Pick<Mask, 'text' | 'json'>;

export interface LoggerOptions {
  readonly level: LogLevel;
  /** A file is created with its folder and appended to. */
  readonly destination: 'stderr' | { readonly file: string };
  readonly mask: LogMask;
}

/**
 * Logs JSON lines `{level, time, pid, …fields, msg}` with the time in ISO 8601 UTC, every string masked. Lines are
 * written before the call returns, so that a crash loses none. A destination that fails (a full disk) loses lines, not the process.
 */
export function createLogger({ level, destination, mask }: LoggerOptions): Logger {
  const sink = pino.destination({
    dest: destination === 'stderr' ? 2 : destination.file,
    mkdir: true,
    mode: 0o600,
    sync: true,
  });
  sink.on('error', () => undefined);
  const stream = { write: (line: string) => void sink.write(maskLine(line, mask)) };
  const formatters = {
    level: (label: string) => ({ level: label }),
    bindings: ({ pid }: { pid?: unknown }) => ({ pid }),
  };
  return pino({ level, timestamp: pino.stdTimeFunctions.isoTime, formatters }, stream);
}

/** The text tells whether there is anything to mask; only then is it taken apart, so that the line stays JSON whatever is masked. */
function maskLine(line: string, mask: LogMask): string {
  return mask.text(line) === line ? line : `${JSON.stringify(mask.json<unknown>(JSON.parse(line)))}\n`;
}
