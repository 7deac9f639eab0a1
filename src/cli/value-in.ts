import { open } from 'node:fs/promises';
import { variable } from '#kit/config.js';
import { OpsroomError } from '#kit/errors.js';
import { someoneAnswers } from './ask.js';
import { askHidden } from './hidden.js';

const MOST_BYTES = 4 * 1024 * 1024;

/** Where a value comes from; without either it is asked for, or read from a pipe. */
export interface ValueFrom {
  readonly fromFile?: string;
  readonly fromEnv?: string;
}

/**
 * A value that never stands in the command line, where other users of the machine and the shell's history would see it. One
 * line is taken without its end, several as they are: a key in PEM needs its last one.
 *
 * @param from left out: there is no other way for it than to be typed or piped in
 * @throws OpsroomError USAGE when there is none, it is no text, or it is too much
 */
export async function readValue(what: string, from?: ValueFrom): Promise<string> {
  if (from?.fromEnv !== undefined) return ofVariable(from.fromEnv);
  if (from?.fromFile !== undefined) return withoutEnd(await readText(from.fromFile));
  if (!process.stdin.isTTY) return withoutEnd(await readText('/dev/stdin'));
  if (!someoneAnswers()) throw nothing(what, from);
  const answer = await askHidden(`${what}:`);
  if (answer === undefined || answer === '') throw nothing(what, from);
  return answer;
}

function ofVariable(name: string): string {
  const value = variable(name);
  if (value !== undefined) return value;
  throw new OpsroomError('USAGE', {
    what: `The environment variable ${name.slice(0, 100)} is not set, or empty.`,
    where: '--from-env',
    mend: 'Give the name of a variable, not a value, and `export` it in this shell first. Or use --from-file, or pipe the value in.',
  });
}

const withoutEnd = (found: string): string => (/^[^\r\n]*\r?\n$/.test(found) ? found.replace(/\r?\n$/, '') : found);

const nothing = (what: string, from: ValueFrom | undefined): OpsroomError =>
  new OpsroomError('USAGE', {
    what: `${what} is missing.`,
    mend: from ? 'Type it, pipe it in, or use --from-file or --from-env.' : 'Type it, or pipe it in.',
  });

/** A whole text file, or what is piped in. @throws OpsroomError USAGE when it cannot be read, is no UTF-8, or is larger than 4 MiB */
export async function readText(path: string): Promise<string> {
  const refuse = (what: string, cause?: unknown) => new OpsroomError('USAGE', { what, where: path, cause });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const file = path === '/dev/stdin' ? undefined : await open(path, 'r');
    const source = file === undefined ? process.stdin : file.createReadStream();
    for await (const chunk of source as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MOST_BYTES) throw refuse('That is more than 4 MiB.');
    }
  } catch (error) {
    if (error instanceof OpsroomError) throw error;
    throw refuse(`It cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, error);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(Buffer.concat(chunks));
  } catch {
    throw refuse('It is no text in UTF-8.');
  }
}
