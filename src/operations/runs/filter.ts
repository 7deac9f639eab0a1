import { z } from 'zod';
import { LANES } from '#ir/plan.js';
import { RUN_STATUSES, runStatusSchema } from '#ir/state.js';
import { OpsroomError } from '#kit/errors.js';

const WITHIN = /^([1-9]\d{0,2})([mhd])$/;
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const MOST = 20;

const words = (of: z.ZodString) => z.array(of).min(1).max(MOST);

/** The members of a filter over runs; each that is given narrows. */
export const filterShape = {
  status: z.array(runStatusSchema).min(1).max(RUN_STATUSES.length).optional().describe('Any of these.'),
  lane: z.array(z.enum(LANES)).min(1).max(LANES.length).optional().describe('Any of these.'),
  session: z.string().min(1).max(120).optional().describe('The session, by its id or its name.'),
  plan: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe('At least eight hexadecimal digits with which the digest of the plan begins, or part of its title.'),
  text: z.string().max(500).optional().describe('Part of the title in any case, or of the id.'),
  requestedBy: words(z.string().min(1).max(200)).optional().describe('Any of these principals; `me` is whoever asks.'),
  target: words(
    z
      .string()
      .regex(/^[^=]{1,100}=/, 'write it as NAME=VALUE')
      .max(500),
  )
    .optional()
    .describe('All of these of its target, each as `environment=staging`.'),
  from: z.iso.datetime({ offset: true }).optional().describe('Created at this time or later.'),
  to: z.iso.datetime({ offset: true }).optional().describe('Created before this time.'),
  within: z
    .string()
    .regex(WITHIN, 'write it as 30m, 24h or 7d')
    .optional()
    .describe('Created within the last `30m`, `24h`, `7d`.'),
  archived: z
    .enum(['no', 'only', 'all'])
    .optional()
    .describe('Archived ones: `no` (when not given), `only`, or `all` for both.'),
  needsPerson: z
    .boolean()
    .optional()
    .describe(
      'Only what waits for a person, as the Runboard shows it, also where the run goes on beside that; and what a rollback left undone, until it is archived; not what waits for a time, or was paused.',
    ),
};

export const filterSchema = z.strictObject(filterShape);
export type RunFilter = z.infer<typeof filterSchema>;

/** What a filter means at a moment, for whoever asks. */
export interface ResolvedFilter extends Omit<RunFilter, 'within' | 'from' | 'to' | 'session'> {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Id of the session; null: there is none of that name, so that no run fits. */
  readonly sessionId?: string | null | undefined;
}

/**
 * Turns what is relative into what is meant: `within` into a time, `me` into the principal.
 * @throws OpsroomError USAGE for a time in which nothing can lie
 */
export function resolveFilter(
  { within, from, to, session: _, ...rest }: RunFilter,
  { names, now }: { readonly names: readonly string[]; readonly now: Date },
): ResolvedFilter {
  const starts = [from, within === undefined ? undefined : new Date(now.getTime() - withinMs(within))]
    .filter((at) => at !== undefined)
    .map((at) => new Date(at).getTime());
  const begin = starts.length > 0 ? new Date(Math.max(...starts)) : undefined;
  const end = to === undefined ? undefined : new Date(to);
  if (begin && end && begin >= end)
    throw new OpsroomError('USAGE', { what: '`from` is not before `to`.', mend: 'Exchange them.' });
  return {
    ...rest,
    requestedBy: rest.requestedBy && [...new Set(rest.requestedBy.flatMap((one) => (one === 'me' ? names : [one])))],
    from: begin,
    to: end,
  };
}

/** @throws OpsroomError USAGE */
export function withinMs(text: string): number {
  const [, amount, unit] = WITHIN.exec(text) ?? [];
  if (unit !== 'm' && unit !== 'h' && unit !== 'd')
    throw new OpsroomError('USAGE', { what: `"${text}" is no span of time.`, mend: 'Write it as 30m, 24h or 7d.' });
  return Number(amount) * UNIT_MS[unit];
}
