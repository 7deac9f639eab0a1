import type { Decision } from '../blocks/decision.js';
import { preconditionsOf } from './checks.js';
import type { Draft } from './draft.js';
import type { StepParts } from './step.js';
import type { Told } from './told.js';

/** Has the first of the steps look first, and each before it that somebody may say no to: what is left out looks at nothing. */
export function attachPreconditions(
  decisions: readonly Decision[],
  drafts: readonly Draft[],
  { parts, told }: { readonly parts: StepParts; readonly told: Told },
): void {
  const firsts = looking(drafts);
  for (const decision of decisions) {
    if (firsts.length === 0) {
      told.unused(decision, 'there is no step that it could be a condition of');
      continue;
    }
    const found = firsts.flatMap((first) => {
      const needed = preconditionsOf(decision, first.preconditions, parts);
      first.preconditions.push(...needed);
      return needed;
    });
    if (found.length > 0) told.belongsTo(decision, firsts[0]?.id ?? '');
    else told.unused(decision, 'it names no package that could be looked for');
  }
}

function looking(drafts: readonly Draft[]): readonly Draft[] {
  const done = drafts.filter(({ asks, decision }) => !asks && decision.label !== 'manual');
  const certain = done.findIndex(({ asking }) => asking === undefined);
  if (done.length === 0) return drafts.slice(0, 1);
  return done.slice(0, certain < 0 ? done.length : certain + 1);
}
