import { isCommitting, isPushing, isReleasing } from '../blocks/publishing.js';
import { installed, isFetching, isInstall, isPackageName, isReading, terminalNeed } from '../blocks/work.js';
import type { CodeBlock } from '../markdown/document.js';
import { variantsOf } from '../ways/variants.js';
import { headsWork, tellsDeed } from '../words/deeds.js';
import { forbids, namesWay } from '../words/headings.js';
import {
  asksFor,
  lastSentence,
  saysCondition,
  saysEcosystem,
  saysExample,
  saysLater,
  saysSave,
  saysSeen,
} from '../words/intro.js';
import { commentsOld, saysDoNot, saysDoNotWhen } from '../words/intro-against.js';
import { phrase } from '../words/phrase.js';
import { roleOfIntro } from '../words/roles.js';
import { leadingComment } from '../words/text.js';
import { namesWrongWay } from '../words/ways-back.js';
import { caseAround } from './case-around.js';
import type { Place } from './place-of-heading.js';
import { rollback } from './rollback.js';
import { isShell, type Rule, type RuleGroup, rule, type Subject } from './rule.js';

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
      'stands under "If …", "In case of …", "When … fails", "Escalation", "After a week", "Monthly"',
      'case',
      'it is meant for the case that its heading names',
    ),
    rule(
      'symptom-section',
      'stands under "Pods are not starting", "Connection refused", "Common root causes", does more than look, and needs no person',
      'leave_out',
      'it mends what its heading says is wrong, and nobody knows yet whether it is',
      ({ standing, kind, facts }) =>
        standing.symptom &&
        isShell(kind) &&
        !isReading(facts) &&
        terminalNeed(facts) === undefined &&
        !standing.headings.some(namesWay),
    ),
    rule(
      'says-do-not',
      'follows a sentence that says "do not", "never", "deprecated"; or stands under "Do not roll back like this", "Dangerous commands: never use"',
      'leave_out',
      'the text before it advises against it',
      (subject) => advisesAgainst(subject) || commentsOld(leadingComment(subject.script)),
    ),
    rule(
      'says-example',
      'follows "for example", "e.g.", "here is an example"; in a runbook only where the text asks for nothing',
      'leave_out',
      'the text before it calls it an example',
      ({ intro, script, standing, facts }) =>
        (isExample(intro, standing.readme) && !(isReading(facts) && showsSeen(intro))) ||
        saysExample(leadingComment(script)),
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
      'stands in a README under a heading that names no procedure, or under its title without fetching the program, and no line like a heading ("2. Install the packages") names work',
      'leave_out',
      'a README shows it under a heading that names no procedure',
      ({ standing, facts, block, intro }) =>
        standing.place === 'elsewhere' &&
        !headsWork(intro) &&
        !(standing.headings.length <= 2 && (isFetching(facts) || isNumberedStep(block))),
    ),
    rule(
      'readme-pushes',
      'pushes, tags or commits with git, or publishes (`docker push`, `vercel --prod`) in a README, whose title is not about releasing or deploying',
      'leave_out',
      'it pushes, commits or publishes, as those do who work on the program',
      ({ standing, kind, facts }) =>
        standing.readme &&
        !standing.releases &&
        isShell(kind) &&
        (isPushing(facts) || isCommitting(facts) || isReleasing(facts)),
    ),
    rollback(),
    rule(
      'says-condition',
      'follows, in a README, "if …", "optionally", "in case of": it is meant for some situations only',
      'leave_out',
      'the text before it says that it is for some cases only',
      isForSome,
    ),
    rule(
      'says-later',
      'follows, in a README or under prerequisites, "to stop", "to upgrade", "to remove"; or ends a README, a quick start or its section, with "Stop", "Reset", "Delete …"',
      'leave_out',
      'the text before it says that it is for another day',
      ({ intro, standing }) => (standing.readme || standing.place === 'prerequisite') && saysLater(intro),
    ),
    prerequisite(),
  ],
};

/** "2. Create the certificate": the whole README is the procedure. */
function isNumberedStep({ item }: CodeBlock): boolean {
  return item?.marker === 'number' && (tellsDeed(item.text) || headsWork(item.text));
}

/** Below "Rollback", "do not … once …" says when a person is needed: without that part nothing is taken back as a whole. */
function advisesAgainst({ intro, script, standing: { place, below } }: Subject): boolean {
  if (below.some(forbids)) return true;
  if (place !== 'rollback') return saysDoNot(intro, script);
  return below.some(namesWrongWay) || (saysDoNot(intro, script) && !saysDoNotWhen(lastSentence(intro)));
}

/** "We should not see it listed any more, e.g.": an example of a look, by which it is seen. */
const showsSeen = (intro: string): boolean => saysSeen(intro) && /(?:\be\.g\.|\bfor example)\W*$/i.test(intro.trim());

/** In a runbook, "Stop the server. For example:" shows how to do what is to be done. */
function isExample(intro: string, readme: boolean): boolean {
  const text = intro.replaceAll(/\([^()]*(?:example|instance|e\.g\.|z\.\s?B\.|exempl|ejempl)[^()]*\S\)(?=\W*\S)/gi, '');
  const shows = saysExample(text) || roleOfIntro(text) === 'example';
  return shows && (readme || !asksFor(text));
}

function isForSome(subject: Subject): boolean {
  const { intro, script, standing } = subject;
  if (!standing.readme || standing.place === 'prerequisite' || isWayToInstall(subject)) return false;
  return (
    saysCondition(intro) ||
    saysEcosystem(intro) ||
    /^(?:optional|if\b)/i.test(leadingComment(script)) ||
    caseAround(subject) !== undefined
  );
}

/** "If you run Ubuntu, you can install the package", as the first under "On Ubuntu": a way to install, not a case. */
function isWayToInstall({ intro, block, before, facts }: Subject): boolean {
  if (!isFetching(facts) || before?.section === block.section) return false;
  return variantsOf(block.section).length > 0 || namesOwn(intro);
}

/** What a reader may have: "If you already have Node.js installed". */
function namesOwn(intro: string): boolean {
  if (OWNS_ELSEWHERE.test(intro)) return true;
  return /^\W*if you(?:['’]re| are)? (?:already )?(?:have|use|run|using|running|on)\b.*\b(?:macos|mac|linux|windows|ubuntu|debian|fedora|arch|node(?:\.js)?|npm|rust|cargo|go(?:lang)?|python|pip|conda|ruby|homebrew|brew|nix|docker)\b/i.test(
    intro,
  );
}

const OWNS_ELSEWHERE = phrase(
  /^[^\p{L}]*(?:(?:如果|若)(?:你|您)?(?:已|有|使用|用|安装|熟悉)|(?:wenn|falls) (?:sie|du) |si (?:vous|tu) (?:avez|as|utilisez|utilises)|si (?:ya )?(?:tiene|usa|utiliza)s? |se (?:você )?(?:já )?(?:tem|usa) |если (?:у вас|вы используете))[^.。]*(?:macos|linux|windows|ubuntu|debian|fedora|arch|node(?:\.js)?|npm|rust|cargo|go(?:lang)?|python|pip|conda|ruby|homebrew|brew|nix|docker)(?![a-z])/iu,
);

const PROGRAMS =
  /^(?:js|jsx|mjs|cjs|javascript|ts|tsx|typescript|py|python|python3|rb|ruby|go|golang|rust|rs|java|kotlin|scala|c|cpp|c\+\+|cs|csharp|php|swift|dart|lua|r|elixir|vue|svelte|html)$/;

function section(id: string, when: string, place: Place, why: string): Rule {
  return rule(id, when, 'leave_out', why, ({ standing }) => standing.place === place);
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
