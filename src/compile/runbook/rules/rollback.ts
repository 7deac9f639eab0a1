import { dangerOf, dangerOfBlock } from '../blocks/dangers.js';
import type { Verdict } from '../blocks/decision.js';
import { takesBackLast } from '../blocks/prepares.js';
import { isPublishing } from '../blocks/publishing.js';
import { endless, isActingWork, isAsserting, isReading } from '../blocks/work.js';
import { conditionalPart } from '../words/conditional-parts.js';
import { lastSentence, saysUndo } from '../words/intro.js';
import { phrase } from '../words/phrase.js';
import { roleOfIntro } from '../words/roles.js';
import { caseOfRollback } from './case-of-rollback.js';
import { saysItChecks } from './check-place.js';
import { personNeed } from './person.js';
import { isShell, type Rule, type Subject } from './rule.js';
import { sectionWithRole } from './standing.js';

/** What takes back, and what checks that it did. */
export function rollback(): Rule {
  return {
    id: 'rollback-section',
    when: 'stands under "Rollback", "Undo", "Clean up", or follows "to undo this"',
    decide(subject) {
      const { standing } = subject;
      const says = standing.place === 'rollback' || tellsToUndo(subject);
      if (!says || standing.undoes || isLastStep(subject)) return undefined;
      if (isBackup(subject))
        return { label: 'leave_out', why: 'it makes the backup that must be there before anything is done' };
      if (tellsWhen(subject)) return { label: 'leave_out', why: 'it looks whether things are to be taken back at all' };
      const need = personNeed(subject) ?? caseIn(subject);
      if (need !== undefined) return { label: 'manual', why: `${need}, so a person does it`, undoes: true };
      const check = checkOfUndoing(subject);
      if (check !== undefined) return check;
      const ask = dangerOfBlock(subject);
      const askEachRun = asksEachRun(subject, ask !== undefined);
      return {
        label: 'rollback',
        why: 'it takes back what the procedure does',
        ...(ask === undefined ? {} : { ask }),
        ...(askEachRun === undefined ? {} : { askEachRun }),
      };
    },
  };
}

/** What a review of the file cannot answer: whether others shall see it this time, and what the last one is that it takes back. */
function asksEachRun({ block, facts, script }: Subject, destroys: boolean): string | undefined {
  const cleansUp = destroys && sectionWithRole(block.section, 'cleanup') !== undefined;
  const reasons = [
    ...(cleansUp && SET_ASIDE.test(script)
      ? ['what it removes was set aside before, and may be all that is left']
      : []),
    ...(isPublishing(facts) ? ['it pushes or publishes'] : []),
    ...(takesBackLast(facts)
      ? ['it takes back the last change, whichever that is, also where the step that failed made none']
      : []),
  ];
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

/** `catalog.old`, `users_backup`. */
const SET_ASIDE = /[\w}"'][-_.](?:old|bak|backup|orig|original|prev|previous|saved?|before)(?![a-z])/i;

const CRITERIA = phrase(
  /\bcriteri(?:a|on)\b|\btriggers?\b|\bthresholds?\b|\bdecision\b|\bwhen to (?:roll|revert|undo)|kriteri|entscheidung|critères?(?!\p{L})|criterios?(?!\p{L})|critérios?(?!\p{L})|критери|标准|條件|条件|基準/iu,
);

/** "Rollback criteria", above what only looks. */
function tellsWhen({ standing: { headings }, kind, facts }: Subject): boolean {
  return CRITERIA.test(headings[0] ?? '') && isShell(kind) && isReading(facts);
}

/** When things are taken back nobody is asked about a part of it. */
function caseIn(subject: Subject): string | undefined {
  const { kind, script, facts } = subject;
  if (isShell(kind) && isReading(facts)) return undefined;
  const inPart = isShell(kind) && conditionalPart(script, facts) !== undefined;
  return inPart ? 'a part of it is for some cases only' : caseOfRollback(subject);
}

const SATISFIED =
  /\b(?:once|when|after|as soon as) (?:you(?:['’]re| are) (?:satisfied|happy|sure|certain|confident)|(?:everything|all|it) (?:works|is (?:fine|stable|verified)))\b/i;

/** "3. Revert to the old port": a numbered step, for when all went well. */
function isLastStep({ standing: { headings }, intro }: Subject): boolean {
  return /^\W*(?:step\s+)?\d+[.):]?\s/i.test(headings[0] ?? '') && SATISFIED.test(lastSentence(intro));
}

const BACKUP = phrase(
  /\bback(?:ing)?[- ]?ups?\b|\bsauvegarde|\bsicher(?:n|ung)|\bcopias? de seguridad\b|\bcópias? de segurança\b|резервн|备份|備份|バックアップ|백업/iu,
);
const BRINGS_BACK = phrase(
  /restor|restaur|recover|revert|roll|undo|wiederher|zurück|восстан|возврат|откат|恢复|恢復|还原|還原|回滚|復元|リストア|戻|복원|복구|되돌/iu,
);
const COPIES = /^(?:|cd|echo|mkdir|cp|rsync|tar|zip|gzip|date|pg_dump|pg_dumpall|mysqldump|mariadb-dump|mongodump)$/;

/** "Backup before the deployment", told beside the rollback: afterwards it would overwrite what the rollback needs. */
function isBackup({ standing: { headings, undoes }, intro, kind, facts: { commands } }: Subject): boolean {
  const said = `${headings[0] ?? ''} ${lastSentence(intro)}`;
  return (
    isShell(kind) &&
    !undoes &&
    BACKUP.test(said) &&
    !BRINGS_BACK.test(said) &&
    commands.every(({ program }) => COPIES.test(program))
  );
}

/** "Export the state so that the rollback script can restore it": what is saved is there for later. */
const SAVES =
  /^\W*(?:(?:first|then|now|next),? )?(?:export|save|record|take|create|make|capture|dump|note|tag|keep|store|back up|snapshot|copy)\b(?!.*\b(?:and|then|to) (?:roll|revert|restore)).*\b(?:so(?: that)?|for|in case|needed|used)\b.*\broll(?:ing)?[- ]?back\b/i;

/** "You need it for the rollback decision", above what only looks: it takes back nothing. */
function tellsToUndo(subject: Subject): boolean {
  const { intro, kind, facts } = subject;
  if ((!saysUndo(intro) && roleOfIntro(intro) !== 'rollback') || SAVES.test(lastSentence(intro))) return false;
  return !isShell(kind) || !isReading(facts) || saysItChecks(subject);
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
