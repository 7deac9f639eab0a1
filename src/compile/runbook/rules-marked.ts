import type { Verdict } from './decision.js';
import { isMarked } from './marks.js';
import { type Rule, type RuleGroup, rule } from './rule.js';
import { MARKED_RUN } from './rules-work.js';

/** What the author wrote beside the language of a block, or at the end of a heading, wins over everything else. */
export const MARKED: RuleGroup = {
  title: 'What the author says',
  rules: [
    rule(
      'marked-skip',
      'is marked `{skip}` (or `{ignore}`), or `excludeFromRunAll=true` for Runme',
      'leave_out',
      'its author marked it to be skipped',
      (subject) => isMarked(subject, 'skip', 'ignore') || isMarked(subject, 'excludefromrunall'),
    ),
    marked('marked-manual', '`{manual}`, or `interactive=true` for Runme', 'manual', ['manual', 'interactive']),
    marked('marked-rollback', '`{rollback}`', 'rollback', ['rollback', 'undo']),
    marked('marked-verify', '`{verify}`', 'verify', ['verify', 'check']),
    marked('marked-precondition', '`{precondition}`', 'precondition', ['precondition', 'prerequisite']),
    MARKED_RUN,
  ],
};

function marked(id: string, form: string, label: Verdict['label'], keys: readonly string[]): Rule {
  return rule(id, `is marked ${form}`, label, `its author marked it as ${label}`, (subject) =>
    isMarked(subject, ...keys),
  );
}
