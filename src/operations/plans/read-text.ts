import { readFile, stat } from 'node:fs/promises';
import { MAX_BYTES } from '#compile/yaml.js';
import { OpsroomError } from '#kit/errors.js';

/** The text of a file. @throws OpsroomError with the code, or PLAN_TOO_LARGE */
export async function readText(
  path: string,
  code: 'PLAN_UNREADABLE' | 'INPUT_INVALID' | 'RUNBOOK_LOCK',
): Promise<string> {
  // The mends of these codes are for what is in a file; this is about the file itself.
  const mend = code === 'INPUT_INVALID' ? { mend: 'Name a YAML or JSON file that can be read.' } : {};
  const refuse = (what: string, cause?: unknown) => new OpsroomError(code, { what, where: path, cause, ...mend });
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw refuse(cause.code === 'ENOENT' ? 'There is no such file.' : `It cannot be read: ${cause.code}.`, cause);
  });
  if (!found.isFile()) throw refuse('It is not a file.');
  if (found.size > MAX_BYTES) {
    const what = `The file has ${found.size} bytes; the limit is ${MAX_BYTES}.`;
    throw new OpsroomError(code === 'INPUT_INVALID' ? code : 'PLAN_TOO_LARGE', { what, where: path });
  }
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw refuse(`It cannot be read: ${cause.code}.`, cause);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refuse('It is not text in UTF-8.', cause);
  }
}
