import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { listSecrets, listUses } from '#secrets/store.js';
import { operation } from '../operation.js';
import { elsewhereOf } from './elsewhere.js';
import { elsewhereView, secretName, secretView, shownSecret } from './view.js';

const MOST_USES = 50;

export const getSecret = operation({
  name: 'secrets.get',
  summary:
    'Show one secret, without its value: where it counts, its versions, and the latest steps that were given it.',
  permission: 'secret:manage',
  changes: false,
  consequential: false,
  input: z.strictObject({ name: secretName }),
  output: z.object({
    name: z.string(),
    secrets: z.array(secretView),
    elsewhere: z.array(elsewhereView),
    /** The newest first. */
    uses: z.array(
      z.object({
        at: z.string(),
        runId: z.string(),
        step: z.string(),
        source: z.enum(['vault', 'environment', 'file']),
        environment: z.string().nullable(),
        app: z.string().nullable(),
        /** Null: it is not of the vault. */
        version: z.int().nullable(),
      }),
    ),
  }),
  run: async ({ name }, room) => {
    const [rows, uses] = await room.database.door(room.org, async (tx) => [
      await listSecrets(tx, room.org, name),
      await listUses(tx, room.org, name, MOST_USES),
    ]);
    const elsewhere = (await elsewhereOf(room)).filter((one) => one.name === name);
    if (rows.length === 0 && elsewhere.length === 0 && uses.length === 0) throw noSecret(name);
    return {
      name,
      secrets: rows.map(shownSecret),
      elsewhere,
      uses: uses.map(({ at, run, step, source, environment, app, version }) => ({
        at: at.toISOString(),
        runId: run,
        step,
        source,
        environment: environment || null,
        app: app || null,
        version: version || null,
      })),
    };
  },
});

/** @returns NOT_FOUND, with the way to what there is */
export function noSecret(name: string, more = ''): OpsroomError {
  const what = `There is no secret ${name} in the vault${more}.`;
  return new OpsroomError('NOT_FOUND', { what, mend: 'List them: `opsroom secrets list`.' });
}
