import type { Writable } from 'node:stream';
import picocolors from 'picocolors';
import { OpsroomError } from '#kit/errors.js';
import { asTyped } from './called.js';

type Colours = ReturnType<typeof picocolors.createColors>;

/** A terminal or a pipe. */
interface Sink extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Where a command says things: results to stdout, progress to stderr, so that either can be piped alone. */
export interface Output {
  /** stdout holds JSON only. */
  readonly json: boolean;
  /** Someone watches: one line may be redrawn. */
  readonly live: boolean;
  /** For stdout; without a terminal they change nothing. */
  readonly colours: Colours;
  /** A result for people. Says nothing with `--json`. */
  print(text: string): void;
  /** A result for programs. Says nothing without `--json`. */
  result(value: unknown): void;
  /** Text as it is, in either form: what was asked for is the text itself (a log, a schema). */
  raw(text: string): void;
  /** Progress, to stderr. */
  note(text: string): void;
  /** Redraws the one live line; undefined wipes it. Nothing without a terminal. */
  status(line: string | undefined): void;
  /** Aborted when the reader of stdout has gone away (`| head`), or nothing more can be written to it. */
  readonly gone: AbortSignal;
  /** Resolves once all was handed over that was printed. @throws OpsroomError DISK_FULL when it went to a file that could not take it */
  written(): Promise<void>;
}

/**
 * @param json whether `--json` was given
 * @param called how commands begin that people are told of
 */
export function openOutput(stdout: Sink, stderr: Sink, json: boolean, called = 'opsroom'): Output {
  const gone = new AbortController();
  stdout.on('error', (error) => gone.abort(error));
  stderr.on('error', () => undefined); // nobody listens to progress any more: go on without it
  const colours = picocolors.createColors(stdout.isTTY === true && picocolors.isColorSupported);
  const live = stderr.isTTY === true && !json;
  const columns = () => stderr.columns || 100; // some terminals say 0
  let drawn = false;
  const wipe = () => {
    if (drawn) stderr.write('\r\u001B[2K');
    drawn = false;
  };
  const out = (text: string) => {
    wipe();
    if (!gone.signal.aborted) stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  };
  return {
    json,
    live,
    colours,
    gone: gone.signal,
    written: async () => {
      await new Promise((resolve) => setImmediate(resolve)); // a write that failed says so a moment later
      const { code } = (gone.signal.reason ?? {}) as NodeJS.ErrnoException;
      if (code === 'ENOSPC' || code === 'EDQUOT')
        throw new OpsroomError('DISK_FULL', {
          what: 'What is printed could not be written whole: there is no room left on the disk.',
          mend: 'Free some space, or write it elsewhere. What was done stays done: see `opsroom runs`.',
        });
    },
    print: (text) => {
      if (!json) out(asTyped(text, called));
    },
    result: (value) => {
      if (json) out(JSON.stringify(value));
    },
    raw: out,
    note: (text) => {
      wipe();
      stderr.write(`${asTyped(text, called)}\n`);
    },
    status: (line) => {
      if (!live) return;
      wipe();
      if (line === undefined) return;
      stderr.write(clip(line, columns() - 1));
      drawn = true;
    },
  };
}

const clip = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 1)}…`);
