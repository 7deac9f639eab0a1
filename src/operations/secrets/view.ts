import { z } from 'zod';
import { HOST_PATTERN_FORM, isHostPattern } from '#kit/hosts.js';
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

/** Where a secret may be sent. */
export const hostsInput = z
  .array(z.string().max(260).trim().toLowerCase().refine(isHostPattern, `write ${HOST_PATTERN_FORM}`))
  .max(50)
  .describe(
    'Hosts that it may be sent to: `api.example`, `*.example`, `10.0.0.7:5432`. None: anywhere that a plan itself names.',
  );

export const secretView = z.object({
  name: z.string(),
  /** Where it counts; null: everywhere. */
  environment: z.string().nullable(),
  app: z.string().nullable(),
  /** Hosts that it may be sent to; none: anywhere that a plan itself names. */
  hosts: z.array(z.string()),
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
  /** As of those of the vault. */
  hosts: z.array(z.string()),
});

export function shownSecret(row: ListedSecret): SecretView {
  const { lastUse } = row;
  return {
    name: row.name,
    environment: row.environment || null,
    app: row.app || null,
    hosts: [...row.hosts],
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
