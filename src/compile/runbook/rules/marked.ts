import { dangerOfBlock } from '../blocks/dangers.js';
import type { Verdict } from '../blocks/decision.js';
import { isMarked } from './marks.js';
import { type Rule, type RuleGroup, rule } from './rule.js';
import { MARKED_RUN } from './work.js';

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
    asking('marked-rollback', '`{rollback}`', ['rollback', 'undo'], { label: 'rollback' }),
    asking('marked-verify', '`{verify}`', ['verify', 'check'], { label: 'verify', asStep: true }),
    asking('marked-precondition', '`{precondition}`', ['precondition', 'prerequisite'], { label: 'run' }),
    MARKED_RUN,
  ],
};

function marked(id: string, form: string, label: Verdict['label'], keys: readonly string[]): Rule {
  return rule(id, `is marked ${form}`, label, `its author marked it as ${label}`, (subject) =>
    isMarked(subject, ...keys),
  );
}

/** As what it is marked; where it may destroy something, as what can ask before: neither a check nor a condition can. */
function asking(
  id: string,
  form: string,
  keys: readonly [Verdict['label'], string],
  asks: Pick<Verdict, 'label' | 'asStep'>,
): Rule {
  const [label] = keys;
  const why = `its author marked it as ${label}`;
  return {
    id,
    when: `is marked ${form}`,
    decide(subject) {
      if (!isMarked(subject, ...keys)) return undefined;
      const ask = dangerOfBlock(subject);
      return ask === undefined ? { label, why } : { ...asks, why, ask };
    },
  };
}
