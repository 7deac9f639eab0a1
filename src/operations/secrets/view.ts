import { z } from 'zod';
import type { ListedSecret } from '#secrets/store.js';

export const secretName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'use letters, digits and "_", at most 100, and no digit first')
  .describe('As plans write it: `{{ secrets.NAME }}`.');

const place = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,100}$/u, 'use up to 100 characters on one line');

/** Where a secret counts. */
export const scopeInput = {
  environment: place.optional().describe('Only runs on this environment see it. Left out: every one.'),
  app: place.optional().describe('Only runs on this app see it. Left out: every one.'),
};

export const secretView = z.object({
  name: z.string(),
  /** Where it counts; null: everywhere. */
  environment: z.string().nullable(),
  app: z.string().nullable(),
  version: z.int(),
  /** Versions before it that are kept: no step is given them, but they are masked. */
  earlier: z.array(z.int()),
  setBy: z.string(),
  setAt: z.string(),
  /** When the oldest version that is kept was set. */
  firstSetAt: z.string(),
  lastUse: z.object({ at: z.string(), runId: z.string(), step: z.string(), version: z.int() }).nullable(),
});
export type SecretView = z.infer<typeof secretView>;

/** A name that is set outside of the vault, for this machine. */
export const elsewhereView = z.object({
  name: z.string(),
  /** `environment`: wins over the vault. `file`: secrets.env, over which the vault wins. */
  source: z.enum(['environment', 'file']),
});

export function shownSecret(row: ListedSecret): SecretView {
  const { lastUse } = row;
  return {
    name: row.name,
    environment: row.environment || null,
    app: row.app || null,
    version: row.version,
    earlier: [...row.earlier],
    setBy: row.createdBy,
    setAt: row.createdAt.toISOString(),
    firstSetAt: row.firstSetAt.toISOString(),
    lastUse: lastUse && {
      at: lastUse.at.toISOString(),
      runId: lastUse.run,
      step: lastUse.step,
      version: lastUse.version,
    },
  };
}
