import { phrase } from './phrase.js';

/** How sentences begin that say for which case a block is, beside "if" and "when": in several languages. */

const pattern = (...alternatives: readonly string[]) => phrase(new RegExp(alternatives.join('|'), 'iu'));

const LABEL = phrase(
  /^\P{L}*(?:note|warning|caution|important|attention|danger|tip|info|beware|achtung|hinweis|wichtig|vorsicht|warnung|remarque|avertissement|atención|nota|aviso|advertencia|importante|atenção|attenzione|avvertenza|внимание|примечание|uwaga)(?:\s*[:：!.–—-]\P{L}*|\s+(?=\p{Lu}|⚠))/iu,
);
/** Signs, not a bracket or a quotation mark that belongs to what is said. */
const SIGNS = /^[^\p{L}\p{N}("'`«„“<[]+/u;

/** "Note: only for …", "⚠️ Only …": what is said, without what calls for attention. */
export function withoutLabel(sentence: string): string {
  return LABEL.without(sentence.replace(SIGNS, '')).replace(SIGNS, '');
}

const ONLY = pattern(
  String.raw`^\P{L}*only (?:if|when|in|on|for|after|once|do|run|use|perform|execute)(?!\p{L})`,
  String.raw`^\P{L}*(?:(?:nur|erst) (?:wenn|falls|nach|nachdem|bei|im|auf|für)|(?:seulement|uniquement) (?:si|quand|lorsqu|sur|pour|après|en)|(?:s[oó]lo|solamente|únicamente|somente|apenas|só|soltanto) (?:si|se|cuando|quando|en|em|in|para|per))(?!\p{L})`,
);

/** "Only if the primary is dead!" reaches over the "Promote it:" behind it. */
export function saysOnly(sentence: string): boolean {
  return ONLY.test(sentence);
}

const TROUBLE = String.raw`(?:fail\p{L}*|broken|down|dead|full|expired|lost|lag\p{L}*|stuck|unreachable|unavailable|corrupt\p{L}*|missing|crash\p{L}*|hang\p{L}*|not|n['’]t|errors?|50\d|40\d)(?!\p{L})`;
const ASKS_TROUBLE = pattern(
  String.raw`^(?!\P{L}*(?:what|how|why|where|which|who|ready)(?!\p{L}))[^?]{0,80}(?<![\p{L}\p{N}])${TROUBLE}[^?]{0,40}\?\P{L}*$`,
);

/** "Replication broken?", above "Resync:". */
export function asksTrouble(sentence: string): boolean {
  return ASKS_TROUBLE.test(sentence);
}

const WEEKDAY = String.raw`(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábados?|domingos?|segundas?(?:-feiras?)?|sextas?(?:-feiras?)?|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica)`;
const MONTH = String.raw`(?:january|february|march|april|june|july|august|september|october|november|december|januar|februar|märz|juni|juli|oktober|dezember|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|janeiro|fevereiro|março|junho|julho|setembro|outubro|novembro|dezembro|gennaio|febbraio|aprile|giugno|luglio|settembre|ottobre|dicembre)`;

/** Times that come again and again, or once a year. */
const TIMES = pattern(
  String.raw`^\P{L}*(?:on|in|im|am|en|em|a|every|each|jeden|chaque|cada|ogni)? ?(?:the )?(?:first|second|third|fourth|last|ersten|letzten|premier|dernier|primer|último|primeir[ao]|últim[ao]|prim[ao]|ultim[ao]) ${WEEKDAY}(?: (?:of|in|im|du|del?|do|of each|of every)(?: (?:the|each|every|jeden|chaque|cada|ogni))? (?:month|quarter|year|monats?|mois|mes|mês|mese))?(?!\p{L})`,
  String.raw`\((?:the |on the )?(?:first|second|third|fourth|last) ${WEEKDAY}[^()]{0,40}\)\P{L}*$`,
  String.raw`^\P{L}*(?:in|im|en|em|a) ${MONTH}(?: (?:also|only|auch|nur|aussi|también|também|anche|solo|sólo))?\P{L}*$`,
  String.raw`^\P{L}*(?:every|each|jeden|chaque|cada|ogni) (?:${WEEKDAY}|night|morning|evening|day|week|month|quarter|year|tag|nacht|woche|monat|quartal|jahr|jour|nuit|semaine|mois|día|noche|semana|mes|dia|noite|mês|giorno|notte|settimana|mese)(?!\p{L})[^.]{0,20}[:：,]?\P{L}*$|^\P{L}*on ${WEEKDAY}(?<=s)\P{L}*$`,
);

const ENGLISH = pattern(
  String.raw`^\P{L}*in the event (?:of|that)(?!\p{L})|^\P{L}*provid(?:ed|ing) that(?!\p{L})|^\P{L}*whenever (?:the|an?|it|something|this)(?!\p{L})|^\P{L}*assuming (?:that )?you(?:['’]re| are)? (?:use|run|using|running)(?!\p{L})`,
  String.raw`^\P{L}*should (?:the |an? |any )?(?:[\p{L}\p{N}_-]+ ){1,4}?(?:be|fail|break|have|not|become|happen|occur|lag|die|crash|stop|hang)(?!\p{L})[^?]*$|^\P{L}*were (?:it|this|the [\p{L}-]+) to(?!\p{L})`,
  String.raw`^\P{L}*where (?:[\p{L}\p{N}_-]+ ){1,3}(?:is|are) [\p{L}-]+,|(?<!\p{L})(?:is|are) (?:only )?(?:required|needed|necessary) (?:when|if)(?!\p{L})|^\P{L}*any [^.:]{2,60} (?:needs?|requires?) (?:an? )?[\p{L}-]+:?\P{L}*$`,
  String.raw`^\P{L}*(?:for|in) emergenc(?:y|ies)(?: use)?(?: only)?\P{L}*$|(?<!\p{L})used? only (?:in|for|if|when|as|during)(?!\p{L})|(?<!\p{L})only (?:in|for) (?:an )?emergenc`,
  String.raw`^\P{L}*(?:coming|upgrading|migrating) from (?:an? |the )?(?:v(?:ersion)? ?\d|\d|older|old|previous|earlier)|^\P{L}*for (?:[\p{L}-]+ ){1,4}with (?:more|less|fewer|at least|over|under) `,
  String.raw`^\P{L}*failing (?:that|this|which)(?!\p{L})|^\P{L}*in (?:(?:very )?rare|few|certain|exceptional) (?:cases?|situations?|circumstances)(?!\p{L})|^\P{L}*depending on (?:whether|(?:the|its|your) (?:outcome|result|output|answer))(?!\p{L})`,
  String.raw`^\P{L}*(?:this |it )?applies to (?!all|every|each|both|any)[^.]{1,60}(?<!\p{L})(?:only|(?:older|newer) than)(?!\p{L})|(?<!\p{L})(?:is|are) only (?:relevant|applicable|meant|intended|useful) (?:to|for|on|in|if|when)(?!\p{L})`,
  String.raw`^\P{L}*for (?!all|every|each|both)(?:[\p{L}-]+ )?(?:clusters?|customers?|tenants?|servers?|hosts?|installations?|setups?|environments?|deployments?|sites?) (?:with|without|that|which|who|where|running|using|older|newer|behind)(?!\p{L})|^\P{L}*for (?!all|every|each|both|our|the|your|most)[\p{L}\p{N}-]+ (?:customers|tenants)\P{L}*$`,
  String.raw`^\P{L}*(?:customers?|tenants?|clients?|installations?|setups?|clusters?) (?:on|with|without|running|using|who|older|newer) [^.:]{2,60}:\P{L}*$`,
  String.raw`^\P{L}*(?:special|edge|rare|corner) cases?(?:\P{L}*$|\s*[:：(–—-])|^\P{L}*rare(?:ly)?(?: needed)?\s*[:：–—]`,
  String.raw`^\P{L}*(?!(?:read|view|schema|data|metadata|text|structure|config\p{L}*)[ -]only)(?:[\p{L}\p{N}-]+ ){1,3}only\P{L}*$`,
);

/** Verbs that begin a sentence are conditions in German; what is only "when" tells an order, unless something is wrong. */
const ELSEWHERE = pattern(
  String.raw`^\P{L}*(?:in (?:seltenen|einzelnen|manchen) fällen|je nach (?:ergebnis|ausgabe|ausgang)|dans (?:de rares|certains) cas|selon (?:le résultat|la sortie)|en (?:casos raros|algunos casos|raros casos)|según (?:el resultado|la salida)|em (?:casos raros|alguns casos|raros casos)|(?:conforme|dependendo d)o resultado|in (?:rari|alcuni) casi|in base al risultato|в (?:редких|некоторых) случаях|w (?:rzadkich|niektórych) przypadkach)(?!\p{L})`,
  String.raw`^\P{L}*sollten? (?:der|die|das|dies\p{L}*|ein\p{L}*|es|kein\p{L}*)(?!\p{L})|^\P{L}*(?:ist|sind|läuft|laufen|startet|starten|fehlt|fehlen|schlägt|schlagen|funktioniert|antwortet|hängt|bricht) (?:der|die|das|dies\p{L}*|ein\p{L}*|kein\p{L}*|etwas)(?!\p{L})[^?]*[:,][^?]*$|^\P{L}*bei (?:\p{L}+ )?(?:kunden|mandanten|servern|clustern|systemen|instanzen|installationen) (?:mit|ohne)(?!\p{L})`,
  String.raw`^\P{L}*(?:lorsqu|quand )[^:]{0,80}(?<!\p{L})(?:ne|n['’]|pleine?|panne|échou\p{L}*|expir\p{L}*|perdue?|corromp\p{L}*|indisponible|erreur|mort)(?!\p{L})`,
  String.raw`^\P{L}*(?:cuando|quando) [^:]{0,80}(?<!\p{L})(?:no|não|non|llen[oa]|chei[oa]|pien[oa]|fall\p{L}*|falh\p{L}*|ca[íi]d[oa]|cadut[oa]|expir\p{L}*|vencid[oa]|scadut[oa]|perdid[oa]|pers[oa]|corrupt[oa]|corrompid[oa]|corrott[oa]|error\p{L}*|erro)(?!\p{L})`,
  String.raw`^\P{L}*когда [^:]{0,80}(?:(?<!\p{L})не(?!\p{L})|заполн|упал|недоступ|истек|истёк|ошибк|потер|поврежд|завис)|^\P{L}*(?:gdy|kiedy) [^:]{0,80}(?:(?<!\p{L})nie(?!\p{L})|pełn|awari|wygas|utrac|uszkodz|błąd)`,
  String.raw`^\P{L}*(?:当|當)[^。]{1,40}(?:时|時)|(?:满|宕机|故障|失败|异常|不可用|过期|丢失)时`,
  String.raw`(?:一杯|満杯|障害|失敗|エラー|停止|ダウン|期限切れ|破損)(?:の|した|している)?(?:とき|時|際)|[을될할릴질날] 때`,
);

/** "Should replication be broken:", "In December also:", "AWS only:", "Ist die Platte voll:". */
export function opensCase(sentence: string): boolean {
  const begin = sentence.slice(0, MOST_LOOKED);
  return ENGLISH.test(begin) || TIMES.test(begin) || ELSEWHERE.test(begin);
}

const MOST_LOOKED = 300;
