import { OpsroomError } from '#kit/errors.js';
import type { Output } from '../../output.js';

/** The options of `opsroom audit`. */
export interface AuditOptions {
  readonly kind?: string;
  readonly ai?: boolean;
  readonly actor?: string;
  readonly since?: string;
  readonly until?: string;
  readonly refused?: boolean;
  readonly limit: string;
  readonly before?: string;
  readonly out?: string;
  readonly format: 'json' | 'csv';
  readonly olderThan?: string;
  readonly key?: readonly string[];
  readonly against?: string;
  readonly force?: boolean;
}

export interface AuditCall {
  readonly which: string | undefined;
  readonly options: AuditOptions;
  readonly output: Output;
}

/** What list and export narrow by. @throws OpsroomError USAGE */
export function filterOf({ kind, ai, actor, since, until, refused }: AuditOptions, now: Date) {
  if (ai && kind !== undefined) throw new OpsroomError('USAGE', { what: 'Give --ai or --kind, not both.' });
  const chosen = {
    kind: ai ? 'query.' : kind,
    actor,
    since: since === undefined ? undefined : momentOf(since, now),
    until: until === undefined ? undefined : momentOf(until, now),
    refused,
  };
  return Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `7d`, `12h`, `30m` ago, a day, or a moment in ISO 8601. @throws OpsroomError USAGE */
function momentOf(text: string, now: Date): string {
  const ago = /^(\d{1,6})([mhd])$/.exec(text);
  if (ago) return new Date(now.getTime() - Number(ago[1]) * UNITS[ago[2] as keyof typeof UNITS]).toISOString();
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  throw new OpsroomError('USAGE', {
    what: `"${text}" is no moment.`,
    mend: 'Write 7d, 12h, 2026-11-01 or 2026-11-01T10:00:00Z.',
  });
}

/** A whole number that an option holds. @throws OpsroomError USAGE */
export function wholeNumber(text: string, name: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new OpsroomError('USAGE', { what: `"${text}" is no number.`, where: name });
}

/** @throws OpsroomError USAGE */
export function daysOf(text: string | undefined): number {
  const days = /^(\d{1,5})d$/.exec(text ?? '');
  if (days) return Number(days[1]);
  throw new OpsroomError('USAGE', { what: 'How old may entries be?', mend: 'Say it in days: --older-than 400d' });
}

/** The file that `--out` names. @throws OpsroomError USAGE */
export function required(out: string | undefined): string {
  if (out !== undefined) return out;
  throw new OpsroomError('USAGE', { what: 'Where to?', mend: 'Name a file: --out audit.jsonl' });
}
