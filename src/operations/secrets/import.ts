import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { reasonAgainst } from '#observe/redact.js';
import { type Carried, parseCarried } from '#secrets/carried.js';
import { operation } from '../operation.js';
import { keepSecrets, type Wanted } from './keep.js';
import { keepInput } from './set.js';
import { scopeInput, secretName, secretView } from './view.js';

const LONGEST_TEXT = 900_000;

export const importSecrets = operation({
  name: 'secrets.import',
  summary:
    'Set secrets from the text of a `.env` file (NAME=VALUE lines), or of an export once it is decrypted. Names whose values cannot be masked are left out and named; otherwise all are set or none.',
  permission: 'secret:manage',
  changes: true,
  consequential: true,
  secretInput: true,
  input: z.strictObject({
    text: z.string().max(LONGEST_TEXT).describe('The text itself; of `.env`, values with spaces stand in quotes.'),
    only: z.array(secretName).min(1).max(1000).optional().describe('Left out: every name.'),
    ...scopeInput,
    keep: keepInput,
  }),
  output: z.object({
    set: z.array(secretView),
    leftOut: z.array(z.object({ name: z.string(), reason: z.string() })),
  }),
  run: async ({ text, only, environment, app, keep }, room) => {
    const found = parsed(text).filter(({ name }) => only?.includes(name) ?? true);
    refuseMissing(only, found);
    const judged = found.map((one) => ({ one, reason: reasonAgainst(one.value) }));
    const wanted = judged.flatMap(({ one, reason }): Wanted[] =>
      reason === undefined ? [{ name: one.name, value: one.value, ...scopeOf(one, { environment, app }) }] : [],
    );
    const leftOut = judged.flatMap(({ one: { name }, reason }) => (reason === undefined ? [] : [{ name, reason }]));
    return { set: wanted.length === 0 ? [] : await keepSecrets(room, wanted, keep), leftOut };
  },
});

/** What the request says of the scope wins over what an export does. */
function scopeOf(
  one: Carried,
  said: { environment: string | undefined; app: string | undefined },
): { environment: string; app: string } {
  return { environment: said.environment ?? one.environment ?? '', app: said.app ?? one.app ?? '' };
}

function parsed(text: string): Carried[] {
  try {
    const found = parseCarried(text, 'text');
    const strange = found.find(({ name }) => !secretName.safeParse(name).success);
    if (strange) throw new OpsroomError('USAGE', { what: `"${strange.name}" is no name of a secret.` });
    return found;
  } catch (error) {
    if (!(error instanceof OpsroomError) || error.code !== 'SECRETS_FILE') throw error;
    const mend = 'Write NAME=VALUE lines; values with spaces, # or quotes stand in quotes.';
    throw new OpsroomError('USAGE', { what: error.message, mend });
  }
}

function refuseMissing(only: readonly string[] | undefined, found: readonly Carried[]): void {
  const missing = only?.find((name) => !found.some((one) => one.name === name));
  if (missing !== undefined) throw new OpsroomError('USAGE', { what: `${missing} is not in the text.` });
}
