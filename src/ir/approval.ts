import { z } from 'zod';
import type { JsonValue } from './json.js';

const text = z.string();
const approval = z.looseObject({
  by: text,
  at: text,
  role: text.nullable().optional(),
  reason: text.optional(),
  policies: z.array(text).optional(),
  breakGlass: z.boolean().optional(),
  planDigest: text.optional(),
  targetDigest: text.optional(),
});
/** Who agreed to a run, as its first proof names them; docs/proof-format.md has all of its members. */
export type ProvenApproval = z.infer<typeof approval>;

/** The approvals of a first record, as far as they have the form; the format leaves it open to other programs. */
export function readApprovals(values: readonly JsonValue[]): ProvenApproval[] {
  return values.flatMap((value) => approval.safeParse(value).data ?? []);
}

/** How many people it takes to break the glass. */
export const BREAKERS = 2;

/** One line each: `person:ada@ops.example as owner at 2026-11-21T06:16:22.000Z: Checked on staging. (production-approved)` */
export function approvalTexts(approvals: readonly ProvenApproval[]): string[] {
  const asked = new Set(approvals.flatMap(({ by, breakGlass = false }) => (breakGlass ? [by] : [])));
  return approvals.map((one) => textOf(one, asked.size >= BREAKERS));
}

function textOf({ by, at, role, reason = '', policies = [], breakGlass = false }: ProvenApproval, broken: boolean) {
  const as = typeof role === 'string' ? ` as ${role}` : '';
  const how = !breakGlass ? '' : broken ? ', breaking the glass' : ', who alone asked to break the glass,';
  const rules = policies.length === 0 ? '' : ` (${policies.join(', ')})`;
  return `${by}${as}${how} at ${at}${reason === '' ? '' : `: ${reason}`}${rules}`;
}
