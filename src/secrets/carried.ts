import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { parseEnvFile } from './env-file.js';
import type { Scope } from './scope.js';

/** A secret on its way in or out. */
export interface Carried extends Partial<Scope> {
  readonly name: string;
  readonly value: string;
}

const FORM = 'secrets/v1';
const exported = z.strictObject({
  opsroom: z.literal(FORM),
  secrets: z
    .array(z.strictObject({ name: z.string(), value: z.string(), environment: z.string(), app: z.string() }))
    .max(1000),
});

/** What an export holds inside its encryption. */
export function carriedText(secrets: readonly Required<Carried>[]): string {
  const list = secrets.map(({ name, value, environment, app }) => ({ name, value, environment, app }));
  return `${JSON.stringify({ opsroom: FORM, secrets: list }, undefined, 2)}\n`;
}

/**
 * The secrets of an export, or of a text in the form of `.env`, where `export` before a name is passed over.
 * @throws OpsroomError SECRETS_FILE with the line, never with a value
 */
export function parseCarried(text: string, file: string): Carried[] {
  if (text.trimStart().startsWith('{')) return parseExported(text, file);
  const plain = text.replace(/^\uFEFF/, '').replace(/^([ \t]*)export[ \t]+(?=[A-Za-z_])/gm, '$1');
  return [...parseEnvFile(plain, file)].map(([name, value]) => ({ name, value }));
}

function parseExported(text: string, file: string): Carried[] {
  try {
    return exported.parse(JSON.parse(text)).secrets;
  } catch {
    // No cause: it could quote a value.
    throw new OpsroomError('SECRETS_FILE', { what: 'That is no export of secrets.', where: file });
  }
}
