import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { OpsroomError } from '#kit/errors.js';

/**
 * Reads a file that a step was asked to write; undefined when there is none. The step may have put anything there, while
 * this process may be allowed to read more than the step: links and pipes are refused.
 *
 * @param what the file's content, as the subject of the message
 * @throws OpsroomError OUTPUT_REFUSED
 */
export async function readStepFile(path: string, what: string, mostBytes: number): Promise<string | undefined> {
  const refuse = (why: string): never => {
    throw new OpsroomError('OUTPUT_REFUSED', { what: `${what} cannot be used: ${why}.` });
  };
  // Non-blocking: opening a named pipe would wait for a writer for ever.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    return refuse(`it cannot be opened (${error.code})`);
  });
  if (file === undefined) return undefined;
  try {
    const about = await file.stat();
    if (!about.isFile() || about.nlink > 1) refuse('it is not a plain file');
    if (about.size > mostBytes) refuse(`it has ${about.size} bytes, at most ${mostBytes} are allowed`);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(about.size), 0, about.size, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
