import { destructiveSql } from '../shell/judge/sql.js';
import type { Verdict } from './decision.js';
import { namesWay } from './headings.js';
import { roleOf, roleOfIntro } from './roles.js';
import { isShell, type Rule, type RuleGroup, rule, type Subject } from './rule.js';
import {
  saysCheck,
  saysCondition,
  saysDoNot,
  saysEcosystem,
  saysExample,
  saysLater,
  saysSave,
  saysUndo,
} from './rules-intro.js';
import { personNeed } from './rules-person.js';
import { leadingComment } from './rules-text.js';
import type { Place } from './standing.js';
import {
  dangerOf,
  endless,
  installed,
  isActingWork,
  isAsserting,
  isFetching,
  isInstall,
  isPackageName,
  isReading,
} from './work.js';

/** Where a block stands, and what the text before it says: shown, or meant to be done; now, or in some case only. */
export const PLACE: RuleGroup = {
  title: 'Where it stands',
  rules: [
    section(
      'reference-section',
      'stands under "Reference", "API", "License", "See also"',
      'reference',
      'its section explains and refers',
    ),
    section(
      'usage-section',
      'stands under "Examples", in a README also under "Usage", "Configuration", "Upgrade"',
      'usage',
      'its section shows how something is used',
    ),
    section(
      'troubleshooting-section',
      'stands under "Troubleshooting", "FAQ", "Known issues"',
      'troubleshooting',
      'it is meant for when something goes wrong',
    ),
    section(
      'development-section',
      'stands in a README under "Contributing", "Development", "Tests"',
      'development',
      'it is meant for those who work on the program itself',
    ),
    section(
      'uninstall-section',
      'stands under "Uninstall", beside an installation',
      'uninstall',
      'it removes what the rest sets up; both are never one run',
    ),
    section(
      'case-section',
      'stands under "If …", "In case of …", "When … fails"',
      'case',
      'it is meant for the case that its heading names',
    ),
    rule(
      'symptom-section',
      'stands under "Pods are not starting", "Connection refused", and does more than look',
      'leave_out',
      'it mends what its heading says is wrong, and nobody knows yet whether it is',
      ({ standing, kind, facts }) =>
        standing.symptom && isShell(kind) && !isReading(facts) && !standing.headings.some(namesWay),
    ),
    rule(
      'says-do-not',
      'follows a sentence that says "do not", "never", "deprecated"',
      'leave_out',
      'the text before it advises against it',
      ({ intro, script }) => saysDoNot(intro, script),
    ),
    rule(
      'says-example',
      'follows "for example", "e.g.", "here is an example"',
      'leave_out',
      'the text before it calls it an example',
      ({ intro, script }) =>
        saysExample(intro) || roleOfIntro(intro) === 'example' || saysExample(leadingComment(script)),
    ),
    rule(
      'says-save',
      'follows "save this as …": it is what that file holds, or runs it',
      'leave_out',
      'the text before it asks the reader to write a file first',
      ({ intro, kind, facts }) =>
        isShell(kind) && saysSave(intro) && facts.commands.every(({ writes }) => writes.length === 0),
    ),
    rule(
      'readme-example',
      'follows, in a README, a program in the same section: it shows what that does',
      'leave_out',
      'a README shows with it what the program before it does',
      ({ standing, block, before, facts }) =>
        standing.readme && before?.section === block.section && PROGRAMS.test(before.language) && !isFetching(facts),
    ),
    rule(
      'readme-elsewhere',
      'stands in a README under a heading that names no procedure, or under its title without fetching the program',
      'leave_out',
      'a README shows it under a heading that names no procedure',
      ({ standing, facts }) => standing.place === 'elsewhere' && !(standing.headings.length <= 2 && isFetching(facts)),
    ),
    rollback(),
    rule(
      'says-condition',
      'follows, in a README, "if …", "optionally", "in case of": it is meant for some situations only',
      'leave_out',
      'the text before it says that it is for some cases only',
      ({ intro, script, standing }) =>
        standing.readme &&
        standing.place !== 'prerequisite' &&
        (saysCondition(intro) || saysEcosystem(intro) || /^(?:optional|if\b)/i.test(leadingComment(script))),
    ),
    rule(
      'says-later',
      'follows, in a README or under prerequisites, "to stop", "to upgrade", "to remove"',
      'leave_out',
      'the text before it says that it is for another day',
      ({ intro, standing }) => (standing.readme || standing.place === 'prerequisite') && saysLater(intro),
    ),
    prerequisite(),
  ],
};

const PROGRAMS =
  /^(?:js|jsx|mjs|cjs|javascript|ts|tsx|typescript|py|python|python3|rb|ruby|go|golang|rust|rs|java|kotlin|scala|c|cpp|c\+\+|cs|csharp|php|swift|dart|lua|r|elixir|vue|svelte|html)$/;

function section(id: string, when: string, place: Place, why: string): Rule {
  return rule(id, when, 'leave_out', why, ({ standing }) => standing.place === place);
}

function rollback(): Rule {
  return {
    id: 'rollback-section',
    when: 'stands under "Rollback", "Undo", "Clean up", or follows "to undo this"',
    decide(subject) {
      const { standing, intro, form, facts, script } = subject;
      const says = standing.place === 'rollback' || saysUndo(intro) || roleOfIntro(intro) === 'rollback';
      if (!says || standing.undoes) return undefined;
      const need = personNeed(subject);
      if (need !== undefined) return { label: 'manual', why: `${need}, so a person does it`, undoes: true };
      const check = checkOfUndoing(subject);
      if (check !== undefined) return check;
      const ask = form === 'sql' ? destructiveSql(script) : dangerOf(facts);
      return { label: 'rollback', why: 'it takes back what the procedure does', ...(ask === undefined ? {} : { ask }) };
    },
  };
}

/** What checks that taking back worked takes back nothing itself: it verifies the step before it, among those that do. */
function checkOfUndoing(subject: Subject): Verdict | undefined {
  const { kind, facts, shown } = subject;
  const goesOn = endless(facts, '') !== undefined;
  if (!isShell(kind) || goesOn || !saysItChecks(subject) || dangerOf(facts) !== undefined) return undefined;
  if (isReading(facts)) {
    const weak = !isAsserting(facts) && (shown ?? '') === '';
    return { label: 'verify', why: 'it looks whether taking back worked', undoes: true, weak };
  }
  if (isActingWork(facts)) return undefined;
  const why = 'it looks whether taking back worked, but may change something, so it runs once, after it';
  return { label: 'verify', why, undoes: true, asStep: true };
}

/** Under prerequisites only what looks, or what installs, is a condition; the rest is the beginning of the procedure. */
function prerequisite(): Rule {
  return {
    id: 'prerequisite-section',
    when: 'stands under "Prerequisites", and only looks, or installs programs',
    decide({ kind, form, standing, facts }) {
      if (standing.place !== 'prerequisite' || form !== 'shell' || !isShell(kind)) return undefined;
      if (isReading(facts)) return { label: 'precondition', why: 'it looks whether what is needed is there' };
      return isInstall(facts) && installed(facts).some(isPackageName)
        ? { label: 'precondition', why: 'it installs what must be there before' }
        : undefined;
    },
  };
}

/** Whether a block is a check, by its heading or by the sentence before it; before anything was done it is a mere look. */
export function isCheckPlace(subject: Subject): boolean {
  if (subject.standing.place === 'verify') return true;
  return subject.worked && saysItChecks(subject);
}

/** By the nearest heading, by the sentence before it, or by its own first comment. */
function saysItChecks({ standing: { headings }, intro, script }: Subject): boolean {
  const [heading = ''] = headings;
  return (
    saysCheck(intro) ||
    roleOfIntro(intro) === 'verify' ||
    saysCheck(heading) ||
    roleOf(heading) === 'verify' ||
    saysCheck(leadingComment(script))
  );
}
