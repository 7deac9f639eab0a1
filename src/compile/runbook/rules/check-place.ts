import { mustFail } from '../blocks/must-fail.js';
import { saysExpectation } from '../blocks/shown-output.js';
import { endless, isReading, onlyMoves } from '../blocks/work.js';
import { lastSentence, saysCheck, saysCondition } from '../words/intro.js';
import { phrase } from '../words/phrase.js';
import { roleOf, roleOfIntro } from '../words/roles.js';
import { leadingComment } from '../words/text.js';
import { isShell, type Subject } from './rule.js';

/** Whether a block stands where one looks what came of what was done. */

/** Whether a block is a check, by its heading or by the sentence before it; before anything was done it is a mere look. */
export function isCheckPlace(subject: Subject): boolean {
  if (!subject.worked && !followsVerification(subject)) return false;
  if (looksForCause(subject) || onlyMoves(subject.facts)) return false;
  return isToldCheck(subject) || looksAfterDeed(subject);
}

/** The document says so, in some way, as opposed to where it merely stands. */
export function isToldCheck(subject: Subject): boolean {
  return (
    subject.standing.place === 'verify' ||
    mustFail(subject.block) ||
    saysItChecks(subject) ||
    expects(subject) ||
    showsOutcome(subject) ||
    saysExpected(subject) ||
    looksAfterwards(subject) ||
    waitsForOutcome(subject) ||
    statesOutcome(subject) ||
    ((subject.belowCheck || subject.belowDeed) && isReading(subject.facts))
  );
}

/** "It no longer answers:", "Make sure that nothing is left", "Look for errors": to find nothing, or to fail, is what is hoped for. */
export function hopesForNothing({ intro, itemBefore, block, script, facts }: Subject): boolean {
  if (mustFail(block)) return true;
  if (STATED.test(script) || facts.commands.some(({ program }) => STATES_IT.test(program))) return false;
  const said = [
    lastSentence(intro === '' ? itemBefore : intro),
    leadingComment(script),
    block.outro.slice(0, MOST_READ),
  ];
  return said.some((text) => NOTHING.test(text)) || /[?？]\W*$/u.test(said[0] ?? '');
}

/** They say themselves what is to be: `test -z "$(…)"`, `! grep -q x`. */
const STATES_IT = /^(?:test|\[|\[\[|\(\(|diff|cmp|cksum|\w+sum)$/;
const STATED = /(?:^|[;&|(]\s*|\b(?:if|while|until)\s+)!\s/m;

const MOST_READ = 200;
const NOTHING = phrase(
  /\b(?:no longer|must not|should(?: not|n['’]t)|cannot|can['’]t|nothing|none|nobody|no (?:errors?|warnings?|output|results?|match(?:es)?|more|other|remaining|left-?overs?|pods?|process(?:es)?|connections?|entries|rows|lines)|not (?:be )?(?:found|listed|there|reachable|running|listening|answer\w*|present|shown)|(?:is|are|has|have) (?:been )?(?:gone|closed|stopped|down|removed|empty|free|deleted)|(?:must|should) be (?:gone|closed|stopped|down|removed|empty|free|deleted)|(?:look|check|watch|search|scan) (?:the logs? )?for (?:any )?(?:errors?|warnings?|problems?|issues|exceptions|failures|left-?overs?))\b|\b(?:nicht mehr|keine?[nrms]?|nichts|aucune?|rien|ya no|ning[uú]n\p{L}*|nada|non .{1,30} più|nessun\p{L}*|niente|não .{1,30} mais|nenhum\p{L}*|nie ma)(?!\p{L})|больше не|не должн|没有|不再|不应|ありません|ないこと|없/iu,
);

/** What is seen when a thing has been mended. */
const OUTCOME =
  /\b(?:fix\w*|recover\w*|resol\w*|restor\w*|remediat\w*|mitigat\w*|work(?:s|ed|ing)?|healthy|success\w*|results?|outcome|after|normal|improve\w*|cleared|drain\w*|again|intact|back|gone|nach|après|después|dopo)\b|(?:verif\w+|validat\w+|überprüf\w+|vérif\w+)\W*$|恢复|恢復|復旧|後|后/i;

const DIAGNOSIS = phrase(
  /\b(?:investigat|diagn[oó]s|triage|troubleshoot|root cause|deep dive|ursachen|fehlersuche)|\b(?:verify|confirm|validate) (?:the |an? )?(?:issue|problem|alert|incident|outage|failure|symptoms?|impact)\b|^\W*(?:\d+[.)]\s*)?(?:immediate (?:actions?|response|steps)|initial (?:response|assessment|checks?)|first response|assess(?:ment)?\b)|диагност|诊断|診断|排查|진단/iu,
);
const HEADS_DIAGNOSIS = phrase(
  /^\W*(?:investigation|diagn[oó]s\p{L}+|triage|root cause analysis|диагностика|诊断|診断|排查|진단)[\s:：*]*$/iu,
);

/** A section for looking at what came of it all, whatever its parts are called. */
const VERIFICATION = phrase(
  /^\W*(?:(?:step|phase|schritt|étape|paso|passo|krok|шаг)\s+\d+\W+)?(?:\d+(?:\.\d+)*[.)]?\s+)?(?:(?:final|post[- ]\w+|(?:recovery|resolution|deployment|installation|upgrade|migration|rollback|restore|service|system|functional)|\p{L}+ (?:&|and|und|et|y|e|и)) )?(?:verif\p{L}+|validat\p{L}+|überprüfung|vérif\p{L}+|проверка|weryfikacja|验证|驗證|検証|動作確認|검증)(?: (?:steps?|procedures?|checklist|checks?|commands?|tests?))?(?: (?:after|nach|après|después|tras|dopo|após|после) .{1,40})?\W*$/iu,
);

/** Below a heading that is nothing else, what comes is a check, though what it looks at was done by no step. */
function followsVerification({ before, standing: { headings, readme } }: Subject): boolean {
  return before !== undefined && !readme && (headings.some(isVerification) || AFTERWARDS.test(headings[0] ?? ''));
}

/** "Verify (must pass all)" is one, too. */
function isVerification(heading: string): boolean {
  return VERIFICATION.test(heading.replaceAll(/\s*[([（][^()[\]（）]*[)\]）]/gu, ''));
}

/** "Check for port conflicts": what may be wrong, also after something was done. */
const CHECKS_FOR = /^\W*(?:\d+[.)]\s*)?(?:check|look|search|grep|scan) for\b/i;

/** "Check for a flood of requests", in a document about a full disk or below "Investigation": it finds out what is wrong, until something was done about it. */
function looksForCause({ standing: { incident, symptom, headings }, intro, workedHere, belowCheck }: Subject): boolean {
  const [heading = '', ...around] = headings;
  if ((incident || symptom) && CHECKS_FOR.test(lastSentence(intro))) return true;
  if (OUTCOME.test(lastSentence(intro))) return false;
  if (DIAGNOSIS.test(heading) || HEADS_DIAGNOSIS.test(lastSentence(intro))) return true;
  if (workedHere || belowCheck || headings.some(isVerification)) return false;
  return (incident || symptom || around.some((one) => DIAGNOSIS.test(one))) && !OUTCOME.test(heading);
}

/** "Run the playbook to ensure that all is up to date" makes it so. Tests are run to see it. */
const TO_ENSURE =
  /\b(?:run|execute|issue|enter|type|use) (?:the following|these|this) (?:commands? |steps? )?to (?:ensure|make sure)\b|^\W*(?:\d+[.)]\s+)?(?:run|execute|apply|deploy|start|restart|install|use|re-?run) (?!(?:the |all |your )?(?:[\w-]+ )?(?:tests?|checks?|suite)\b)(?:[^.]|\.(?=\S))*\bto (?:ensure|make sure)\b/i;

/** "Create the backup / check it": what is not known to look may be what creates it. */
export function namesWork({ standing: { headings }, intro }: Subject): boolean {
  if (TO_ENSURE.test(headings[0] ?? '') || TO_ENSURE.test(lastSentence(intro))) return true;
  const [, first = '', second = ''] =
    /^(\S+ .*?)\s*(?:\/|&|\band\b|\bund\b|\bet\b|\by\b)\s*(\S.*)$/iu.exec(headings[0] ?? '') ?? [];
  return roleOf(second) === 'verify' && roleOf(first) !== 'verify';
}

/** "2. Health:", below "1. Pull and recreate:". */
const HEALTH = /^\W*(?:\d+[.)]\s*)?health\W*$/i;

/** "Final verification:", "Step 7 — Control figures (1 min)": a line of its own that heads what follows. */
function headsCheck(intro: string): boolean {
  const head = intro.replaceAll(/\([^()]*\)/g, '').replace(/[\s:：.]+$/u, '');
  // "Run integrity check and health endpoint verification:" has more words, and begins with a check.
  const [, first = ''] = /^(?:\d+[.)]\s+)?(?:run|perform|do|execute|repeat)\s(.+?)(?:\sand\s|$)/i.exec(head) ?? [];
  const most = roleOf(first) === 'verify' ? 9 : 6;
  if (HEALTH.test(head)) return true;
  return (
    head !== '' && head.split(/\s+/).length <= most && roleOf(head.replace(/^[^—–:]{1,20}[—–:]\s*/u, '')) === 'verify'
  );
}

/** By the nearest heading, by the sentence before it, or by its own first comment. */
export function saysItChecks({ standing: { headings }, intro: said, itemBefore, script }: Subject): boolean {
  const [heading = ''] = headings;
  const intro = said === '' ? itemBefore : said;
  return (
    saysCheck(intro) ||
    roleOfIntro(intro) === 'verify' ||
    headsCheck(intro) ||
    saysCheck(heading) ||
    roleOf(heading) === 'verify' ||
    saysCheck(leadingComment(script))
  );
}

/** "Observe the volume after the expansion is completed": what only looks there is a check. */
function looksAfterwards({ kind, facts, standing: { headings } }: Subject): boolean {
  return isShell(kind) && isReading(facts) && AFTERWARDS.test(headings[0] ?? '');
}

/** "Wait for the probe to pass:", "Monitor the startup:", in the section of a deed. */
function waitsForOutcome({ kind, facts, workedHere, intro }: Subject): boolean {
  return workedHere && isShell(kind) && isReading(facts) && WAITS.test(lastSentence(intro));
}

const WAITS = /^\W*(?:\d+[.)]\s*)?(?:wait|monitor|watch|observe)\b/i;

const AFTERWARDS = /^\W*(?:(?:step )?\d+[.:)]?\s*)?(?:observe|inspect|view|see|look at|watch|monitor)\b.*\bafter\b/i;

/**
 * Behind a deed, in its section, a look shows what came of it, unless the text says that it is for some case, or finds something for what
 * comes. Where something has gone wrong, one looks for the cause between what one does about it.
 */
function looksAfterDeed(subject: Subject): boolean {
  const { kind, facts, workedHere, intro, itemBefore, standing } = subject;
  if (!workedHere || !isShell(kind) || !isReading(facts) || endless(facts, '') !== undefined) return false;
  if (standing.incident || standing.symptom) return false;
  const said = intro === '' ? itemBefore : intro;
  return (!GATHERS.test(lastSentence(said)) || AGAIN.test(lastSentence(said))) && !saysCondition(said);
}

/** "List the pools again:", which were listed before anything was done. */
const AGAIN = phrase(
  /\b(?:again|once more|re-?check|nochmals?|erneut|de nouveau|de nuevo|di nuovo|novamente|ponownie)\b|(?<!\p{L})(?:снова|ещё раз)(?!\p{L})|再次|再度|다시/iu,
);

/** "Find the id of the container:", "Copy the address that it prints:". */
const GATHERS = phrase(
  /^\W*(?:\d+[.)]\s*)?(?:(?:then|now|next|first|finally|please|you (?:can|need to|may|must|should)|we (?:can|need to)|to|let['’]s),? )*(?:easily |also |simply )?(?:find|list|get|note|tell|read|print|identify|determine|record|choose|pick|take|count|collect|copy|save|retrieve|obtain|fetch|grab|extract|export|look up|locate|list(?:e|ar|er|en)|buscar?|busque|obtener|obtenga|encuentre|obter|obtenha|finde|ermittle|notier\p{L}*|trouve[rz]|récupére[rz]|note[rz]|trova(?:re)?|recupera(?:re)?|найдите|узнайте|получите|znajdź|pobierz)(?!\p{L})|^\P{L}*(?:查找|获取|獲取|列出|记下|記下|取得|確認し|찾)/iu,
);

/** A comment that says what comes out when all is well. */
const EXPECTS =
  /^[^\n#]*#[ \t]*(?:(?:expect(?:ed|s)?|should (?:be|show|print|return|say)|esperado|erwartet|attendu)\b|ожидается)|^[ \t]*#[ \t]*(?:预期|期待)/im;

/** "It now accepts writes:", in the section of a deed: a statement about what there is now. What must be is said of whatever was run there. */
function statesOutcome({ kind, facts, workedHere, ranHere, intro, standing: { headings } }: Subject): boolean {
  if (!isShell(kind) || !isReading(facts) || DIAGNOSIS.test(headings[0] ?? '')) return false;
  const sentence = lastSentence(intro);
  return ((workedHere && STATES.test(sentence)) || (ranHere && MUST_BE.test(sentence))) && !saysCondition(intro);
}

/** "It must be in the log now:", "Le fichier doit maintenant être là :". */
const MUST_BE = phrase(
  /^(?!\P{L}*(?:you|we|sie|wir|vous|nous)(?!\p{L})).*(?<!\p{L})(?:(?:must|should|has to|have to|ought to)(?: (?:now|then|also|all|both|still))* (?:be|have|show|contain|answer|respond|appear|return|list|read|say|exist|stand)|(?:muss|müssen|sollten?) (?:[\p{L}-]+ ){0,6}(?:sein|stehen|liegen|laufen)|(?:doit|doivent|devrai(?:en)?t) (?:(?:maintenant|alors|désormais) )?(?:être|apparaître|figurer|contenir)|deben? (?:ahora )?(?:estar|aparecer|figurar|contener)|dev(?:e|ono) (?:ora )?(?:essere|apparire|comparire|trovarsi)|dev(?:e|em) (?:agora )?(?:estar|aparecer|constar)|долж(?:ен|на|но|ны) (?:теперь )?(?:быть|появиться)|mus(?:i|zą) (?:teraz )?być)(?!\p{L})/iu,
);

const STATES =
  /^\W*(?!(?:find|show|list|get|see|look|note|tell|read|print|display|identify|determine|record|choose|pick|make|take|count|collect)\b)(?:[a-z][\w-]*(?: [\w-]+){0,3})(?: now)? (?:is|are|has|have|shows?|accepts?|answers?|responds?|reports?|arrives?|runs|serves?|listens?|works|appears?|returns?|contains?|matches)\b/i;

/** "The date should be about 90 days away", "Expected: …", below what only looks. */
function saysExpected({ kind, facts, block }: Subject): boolean {
  const [sentence = ''] = block.outro.split(/(?<=[.!?。])\s/u, 1);
  return isShell(kind) && isReading(facts) && saysExpectation(sentence);
}

/** A session that looks, with what it prints: after a deed, that is what came of it. */
function showsOutcome({ kind, facts, shown }: Subject): boolean {
  return isShell(kind) && isReading(facts) && (shown ?? '') !== '';
}

/** Deeds have an outcome, too (`./deploy.sh   # expected: deployed`): only for what looks does it make a check. */
function expects({ kind, facts, script }: Subject): boolean {
  return isShell(kind) && isReading(facts) && EXPECTS.test(script);
}
