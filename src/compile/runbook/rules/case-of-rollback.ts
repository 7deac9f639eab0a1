import { conditionIn, conditionOfAll } from '../blocks/conditions.js';
import { clip } from '../blocks/names.js';
import type { Section } from '../markdown/document.js';
import { namesEmergency, namesFallback, namesMishap, namesWay, triesRollback } from '../words/headings.js';
import { sentencesOf } from '../words/intro.js';
import { saysDoNotWhen } from '../words/intro-against.js';
import { phrase } from '../words/phrase.js';
import { roleOf } from '../words/roles.js';
import { namesAfterRollback, namesWayBack } from '../words/ways-back.js';
import { caseAround } from './case-around.js';
import type { Subject } from './rule.js';

/** Why something below "Rollback" is not for every time that things are taken back. */
export function caseOfRollback(subject: Subject): string | undefined {
  const { intro, script, standing } = subject;
  const heads = standing.below.findIndex(
    (heading) => /^(?:rollback|cleanup)$/.test(roleOf(heading)) || namesWayBack(heading),
  );
  const below = standing.below.slice(0, Math.max(heads, 0));
  const own = { ...subject, standing: { ...standing, below } };
  const says =
    conditionIn(intro, conditionOfAll(script), standing.place === 'rollback' ? (below[0] ?? '') : '') ??
    caseAround(own);
  const notNow = notForNow(subject);
  if (notNow !== undefined) return notNow;
  const announces = says !== undefined && FAILS.test(says) && startsSection(subject, says);
  if (says !== undefined && !announces && !isAnyFailure(says, standing.headings))
    return `it is for some cases only ("${clip(says)}")`;
  const bold = subject.block.told.at(-1);
  const headings = bold?.bold === true && bold.text === intro ? [intro, ...below] : below;
  const stage =
    headings.find(namesStage) ??
    [intro].find((text) => namesStage(text) && STAGE_BESIDE.test(text)) ??
    standing.headings.find(namesRollbackOfStage);
  if (stage !== undefined) return `it is for a certain stage only ("${clip(stage)}")`;
  const way = [FOR.without(intro), ...below].find(namesWay);
  if (way !== undefined) return `it takes back one of several ways ("${clip(way)}")`;
  const told = waysTold(subject.block.section, below.length);
  return told === undefined ? undefined : `it is one of several ways ("${clip(told)}")`;
}

/** What its heading, one around it, or the text above it says: a drill, an emergency, a case, or what comes once all is taken back. */
function notForNow({ standing: { below }, block }: Subject): string | undefined {
  const heads = below.map(
    (heading) => roleOf(heading) === 'rollback' || namesWayBack(heading) || namesAfterRollback(heading),
  );
  const [nearest, outermost] = [heads.indexOf(true), heads.lastIndexOf(true)];
  const inside = below.slice(0, Math.max(outermost, 0));
  const apart =
    below.find(triesRollback) ??
    inside.find((heading) => namesEmergency(heading) || namesFallback(heading) || namesMishap(heading)) ??
    below.find((heading, at) => heads[at] === true && isCaseOfHead(heading)) ??
    toldNotTo(block.section, below.length);
  if (apart !== undefined) return `it is for some cases only ("${clip(apart)}")`;
  const after = nearest === outermost ? (below[nearest] ?? '') : '';
  return namesAfterRollback(after) ? `it is for when all is taken back ("${clip(after)}")` : undefined;
}

/** "Undo the upgrade if customers complain". "Rollback if the upgrade fails" says when things are taken back at all. */
function isCaseOfHead(heading: string): boolean {
  const [, says = ''] = IF_BEHIND.exec(heading) ?? [];
  if (/^(?:only|nur) /i.test(says)) return true;
  return says !== '' && ![FAILS, GONE_WRONG, IT_DOES_NOT, ANY].some((usual) => usual.test(says));
}

const IF_BEHIND = phrase(
  /\p{L}\P{L}+((?:only |nur )?(?:if|unless|in case|provided|when(?! to\b)|falls|im fall|wenn|si|cuando|quando|если|jeśli)\s\p{L}.*)$/iu,
);
const GONE_WRONG = phrase(
  /\b(?:problems?|issues?|trouble|degrad\w*|unhealthy|unstable|regress\w*|outage)\b|^(?:if|when|wenn|falls|si|se) (?:needed|necessary|required|nötig|nécessaire|necesario|necessário|necessario)(?!\p{L})|(?<!\p{L})(?:probleme?n?|problèmes?|problemas?|problemi)(?!\p{L})/iu,
);
/** Of what was done, or of what runs, and not of people: "if it does not start", "if the customer is not satisfied". */
const IT_DOES_NOT = phrase(
  /^\p{L}+ (?:(?:the|a|an|our|your|new|der|die|das) )*(?:it|this|that|they|(?:any|every|some)?things?|deploy\w*|release|upgrade|update|migration|installation|rollout|switch-?over|cut-?over|failover|service|app|application|site|web ?site|server|host|node|system|cluster|pods?|containers?|database|db|api|version|build|health ?checks?|checks?|tests?|verification|replica(?:tion)?|es|etwas|alles|anwendung|dienst|bereitstellung|prüfung) (?:[\p{L}-]+ )?(?:(?:does|do|is|are|did|was|were|will)(?: not|n['’]t)|cannot|can['’]?t|won['’]t|(?:is|are|goes|go|stays) (?:\p{L}+ )?(?:down|not)|(?:\p{L}+ )?nicht)(?!\p{L})/iu,
);

/** "Do not run this once customers have written data.", above the blocks of its section, or of one around it. */
function toldNotTo(section: Section, levels: number): string | undefined {
  let at: Section | undefined = section;
  for (let i = 0; at !== undefined && i <= levels; at = at.parent, i += 1) {
    const told = sentencesOf(at.says).find(saysDoNotWhen);
    if (told !== undefined) return told;
  }
  return undefined;
}

/** How far it had come: "Before step 3", "Once the switch is done". What "Before the rollback" heads is done each time. */
function namesStage(heading: string): boolean {
  return (
    STAGE.test(heading) && !OF_ROLLBACK.test(heading.replace(/^\W*fail\w*/i, '')) && heading.length <= LONGEST_STAGE
  );
}

/** "Rollback before the switch". After "the deployment", or one that failed, is each time. */
function namesRollbackOfStage(heading: string): boolean {
  return roleOf(heading) === 'rollback' && STAGE_BESIDE.test(heading);
}

/** More is no heading, but a sentence: "After the pods are down, remove the volume" tells an order. */
const LONGEST_STAGE = 60;
const STAGE = phrase(
  /^\W*(?:\d+(?:\.\d+)*[.)]?\s+)?(?:(?:only )?(?:before|after|until|up to|past|since|during|once)|(?:fail\w*|problems?|errors?|abort(?:ed|ing)?|stopped) (?:in|at|on|during|before|after|while)|(?:nur )?(?:vor|nach|ab|bis(?: zu[rm]?)?|während)|avant|après|jusqu['’][àa]u?|pendant|antes|después|tras|hasta|durante|depois|após|até|prima|dopo|fino|przed|до|после)\s[^,]*[^\s,][\s:：]*$|^\W*(?:(?:step|stage|phase|schritt|étape|paso|passo|fase|krok|шаг) ?#?\d+|第\p{N}步)[^,]*\b(?:failed|fails|done|ran|reached|completed?|finished|gescheitert|erledigt)\b|^[^,，、]*(?:之前|以前|之后|以后|以後|之後|の前|の後)\P{L}*$/iu,
);
const OF_ROLLBACK = phrase(
  /roll|revert|undo|restor|zurück|rück|wiederher|retour|restaur|annul|deshacer|revertir|desfazer|ripristin|откат|回滚|恢复|復元|ロールバック|\b(?:you|begin|start(?:ing)?|this|that|all|everything|failure|failed|failing)\b|fehlschlag/iu,
);
const STAGE_BESIDE = phrase(
  /(?<!\p{L})(?:before|after|until|from|vor|nach|ab|avant|après|antes de|después de|depois d[eoa]|prima d\p{L}*|dopo)\s(?:\p{L}+ )?(?:(?:step|stage|phase|schritt|étape|paso|passo|fase) ?#?\d|(?:switch|cut-?over|switch-?over|umschalt\p{L}*|bascule|corte|point of no return)(?!\p{L}))/iu,
);

/** "There are two ways to roll back.", and each of them below a line of its own. */
function waysTold(section: Section, levels: number): string | undefined {
  let at: Section | undefined = section;
  for (let i = 0; at !== undefined && i <= levels; at = at.parent, i += 1) {
    const told = at.says.split(/(?<=[.:!])\s/).find((sentence) => WAYS.test(sentence));
    if (told !== undefined) return told;
  }
  return undefined;
}

const WAYS = phrase(
  /\b(?:two|three|four|several|different|multiple|[234]) (?:\w+ )?(?:ways|options|methods|possibilities|approaches|strategies)\b|\b(?:one|either|any) of (?:the|these) (?:following |two |three )?(?:ways|options|methods)\b|(?<!\p{L})(?:zwei|drei|mehrere) (?:möglichkeiten|wege|varianten|optionen)|(?<!\p{L})(?:deux|trois|plusieurs) (?:façons|manières|méthodes|options)|(?<!\p{L})(?:dos|tres|varias) (?:formas|maneras|opciones)|(?<!\p{L})(?:duas|três|várias) (?:formas|maneiras|opções)|(?<!\p{L})(?:due|tre|diversi) (?:modi|metodi|opzioni)|(?:два|три|несколько) способ|[两兩二三](?:种|種|个)(?:方法|方式|方案)|[2二3三]つの方法/iu,
);

const FAILS = phrase(
  /\bfail|\bbroken?\b|\bwrong\b|scheiter|fehl(?:er|schl)|échou|échec|erreur|\bfall[aoei]|\bfalh|fallisc|fallit|\berr[oe]r|сбо[йяе]|ошибк|удал(?:о|а)сь|zawied|błęd|失败|故障|失敗|障害|실패/iu,
);

/** What "Rollback" begins with says when things are taken back at all, above its first block or the list that this one stands in. */
function startsSection({ block: { section, around }, before }: Subject, says: string): boolean {
  const opening = says.slice(0, 100);
  const begins = (one: Section) => one.says.trim().startsWith(opening);
  const isFirst = before?.section !== section || around.some((text) => text.startsWith(opening));
  if (isFirst && begins(section)) return true;
  // What stands above the first sub-heading is about all below it.
  for (let at = section.parent; at !== undefined; at = at.parent) if (begins(at)) return true;
  return false;
}

const FOR = phrase(/^\W*(?:for|with|after|für|bei|nach|pour|avec|para|con|per|com|для|при)\s+/iu);

const ANY = phrase(
  /\b(?:it|this|that|anything|something|things|any (?:step|check)|(?:verification|validation|(?:the )?(?:deploy\w*|release|roll-?out|upgrade|update|change|procedure|new version|checks?|health checks?|smoke tests?|steps? above))) (?:\w+ ){0,2}(?:fail|go|went|gone|break|broke|does|do|did|is|are|has|cause)|\b(?:if|as|when|where) (?:needed|necessary|required|something)|\b(?:if|when) (?:it is |it['’]s |they are |still |already )*(?:running|present|there(?! (?:is|are|was|were|has|have|had)\b)|mounted|enabled|installed|active)\b|\b(?:if|when|where|in case of|in the (?:case|event) of|on|upon) (?:(?:there (?:is|are|was|were)|(?:you|we) (?:have|see|encounter|hit|face|notice|find|run into|experience)|it (?:has|causes)) )?(?:(?:any|an|a|some|serious|critical|major|severe|unexpected) ){0,2}(?:problems?|issues?|errors?)\b(?! (?:in|with|of)\b)|\b(?:need|want|have|wish|decide|necessary) to (?:roll|revert|undo|restore|go back|return)|\b(?:undo|revert|rollback|rolling back|roll back|rolled back)\b|(?<!\p{L})(?:etwas|dabei|das deployment|das update|die prüfung|algo|quelque chose|qualcosa|что-то|coś)(?!\p{L})|(?<!\p{L})(?:bei bedarf|falls nötig|si (?:besoin|nécessaire|es necesario)|se necess[aá]rio|при необходимости|en cas (?:de problème|d['’](?:échec|erreur))|en caso de (?:fallo|error|problema)|em caso de (?:falha|erro|problema)|in caso di (?:errore|problema|fallimento)|im fehlerfall|при (?:сбое|ошибке))|如有需要|需要时|失败|出现问题|必要に応じて|失敗|問題|エラー/iu,
);

/** "If it fails", "If the migration has failed" in a document about one: that is why things are taken back at all. */
function isAnyFailure(says: string, headings: readonly string[]): boolean {
  if (ANY.test(says)) return true;
  const [, thing = ''] =
    /\bthe (?:\w+ )?(\w{5,}) (?:has |have |had )?(?:fail|break|broke|go(?:es)? wrong|went wrong)/i.exec(says) ?? [];
  return thing !== '' && headings.some((heading) => heading.toLowerCase().includes(thing.toLowerCase().slice(0, 6)));
}
