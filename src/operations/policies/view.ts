import { z } from 'zod';
import type { ApprovalRule } from '#authorise/decision.js';
import type { Policy } from '#authorise/policy/policy.js';
import { windowOpens } from '#authorise/policy/window.js';

/** What a policy waits for, as doors show it. */
export const ruleView = z.object({
  policy: z.string(),
  reason: z.string(),
  roles: z.array(z.string()),
  count: z.int(),
  ttlMs: z.int(),
  window: z.string().nullable(),
  form: z.string().nullable(),
});

export const policyView = z.object({
  id: z.string(),
  effect: z.enum(['permit', 'forbid']),
  reason: z.string(),
  file: z.string(),
  line: z.int(),
  text: z.string(),
  approval: ruleView.nullable(),
});

export const problemView = z.object({
  file: z.string(),
  line: z.int().optional(),
  column: z.int().optional(),
  policy: z.string().optional(),
  message: z.string(),
  mend: z.string(),
});

export const showRule = (rule: ApprovalRule): z.infer<typeof ruleView> => ({ ...rule, roles: [...rule.roles] });

export function showPolicy({ id, effect, reason, file, line, text, approval }: Policy): z.infer<typeof policyView> {
  return { id, effect, reason, file, line, text, approval: approval && showRule(approval) };
}

/** When the window of a rule opens next; null: it has none, or is open. */
export function opensAt({ window }: ApprovalRule, now: Date): string | null {
  if (window === null) return null;
  const opening = windowOpens(window, now);
  return opening.open ? null : (opening.opensAt?.toISOString() ?? null);
}
