import type { CatalogueEntry } from './errors/entry.js';
import { MACHINE } from './errors/machine.js';
import { PLANS } from './errors/plans.js';
import { PROOFS } from './errors/proofs.js';
import { REQUESTS } from './errors/requests.js';
import { RUNBOOKS } from './errors/runbooks.js';
import { SPECKIT } from './errors/speckit.js';
import { STEPS } from './errors/steps.js';

/** Every error that a user can meet, put together of its groups. docs/errors.md is generated from it. */
export const CATALOGUE = {
  ...PLANS,
  ...RUNBOOKS,
  ...SPECKIT,
  ...REQUESTS,
  ...MACHINE,
  ...STEPS,
  ...PROOFS,
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof CATALOGUE;

export interface ErrorDetail {
  /** What happened, in this case; defaults to the catalogue's sentence. */
  readonly what?: string;
  /** Where: file, line and column; step; run; setting. */
  readonly where?: string;
  /** What to do about it, in this case; defaults to the catalogue's. */
  readonly mend?: string;
  readonly cause?: unknown;
}

/** The one error type that crosses folders. `message` is "what (where)"; the stack never reaches a user. */
export class OpsroomError extends Error {
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly mend: string;

  constructor(code: ErrorCode, detail: ErrorDetail = {}) {
    const what = detail.what ?? CATALOGUE[code].what;
    super(detail.where ? `${what} (${detail.where})` : what, detail.cause === undefined ? {} : { cause: detail.cause });
    this.name = 'OpsroomError';
    this.code = code;
    this.where = detail.where;
    this.mend = detail.mend ?? CATALOGUE[code].mend;
  }

  /** The shape that every door shows and the ledger stores. */
  toJSON(): { code: ErrorCode; message: string; mend: string } {
    return { code: this.code, message: this.message, mend: this.mend };
  }
}

/**
 * Whether the same may go well in a moment: the database is away, the disk is full, a key is not there yet, many others wait. 501 is what
 * this machine never can.
 */
export function mayPass({ code }: Pick<OpsroomError, 'code'>): boolean {
  const { http } = CATALOGUE[code];
  return http === 429 || (http >= 500 && http !== 501);
}

/** Any thrown value as an OpsroomError; what is not ours becomes INTERNAL with its message kept as the cause. */
export function asOpsroomError(thrown: unknown, fallback: ErrorCode = 'INTERNAL'): OpsroomError {
  if (thrown instanceof OpsroomError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new OpsroomError(fallback, { what: `${CATALOGUE[fallback].what} ${text}`.trim(), cause: thrown });
}
