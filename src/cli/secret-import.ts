import { OpsroomError } from '#kit/errors.js';
import { readText, readValue } from './value-in.js';

/** What opens an age file. */
export interface Opens {
  readonly identity?: string;
  readonly passphrase?: boolean;
}

const ARMOR = '-----BEGIN AGE ENCRYPTED FILE-----';
const IDENTITY = /^AGE-SECRET-KEY-\S+$/;

/**
 * The text to import: a file, or what is piped in; an age file is opened first.
 * @throws OpsroomError USAGE when it cannot be read or opened
 */
export async function openImport(file: string | undefined, opens: Opens): Promise<string> {
  if (file === undefined) {
    const mend = 'Name it: opsroom secrets import .env; - takes what is piped in.';
    throw new OpsroomError('USAGE', { what: 'Which file?', mend });
  }
  const text = await readText(file === '-' ? '/dev/stdin' : file);
  return text.trimStart().startsWith(ARMOR) ? decrypt(text, opens) : text;
}

async function decrypt(text: string, { identity, passphrase = false }: Opens): Promise<string> {
  const { openAge } = await import('#operations/secrets/open-age.js');
  if (passphrase) return openAge(text, { passphrase: await readValue('The passphrase') });
  if (identity === undefined) {
    const mend = 'Give --identity KEYFILE, or --passphrase.';
    throw new OpsroomError('USAGE', { what: 'That is an age file.', mend });
  }
  const lines = (await readText(identity)).split(/\r?\n/).map((line) => line.trim());
  return openAge(text, { identities: lines.filter((line) => IDENTITY.test(line)) });
}
