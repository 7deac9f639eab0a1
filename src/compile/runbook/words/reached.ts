import { beginOf, fitsSome, hinted } from './hinted.js';

/** What only who is there can say when a block is reached: whether its day has come, or whether it is one that is to be skipped. */

const BEGIN = String.raw`^\P{L}*(?:(?:then|and|note|warning|important|achtung|hinweis|wichtig)[\s\p{P}]+)?`;
const COUNT = String.raw`(?:\d{1,3}|an?|one|two|three|four|few|a few|some|einige|ein|eine[mnrs]?|zwei|drei|une?|deux|trois|una?|dos|tres|uma?|duas|dois|due|tre|unos|quelques)`;
const SPAN = String.raw`(?:(?:business |working )?(?:days?|nights?)|weeks?|months?|years?|sprints?|tage?n?|wochen?|monate?n?|jours?|semaines?|mois|d[ií]as?|semanas?|mes(?:es)?|m[eê]s|giorn[oi]|settiman[ae]|mes[ei])`;
const HOURS = String.raw`(?:hours?|hrs?|h|stunden?|heures?|horas?|ore|days?|tage?|jours?|d[ií]as?|giorni|weeks?|wochen?|semaines?|semanas?|settimane)`;

/** Not now: on another day than what stands above. */
const LATER = hinted(
  [
    /next |following |tomorrow|tonight|on (?:mon|tues|wednes|thurs|fri|satur|sun)day/,
    String.raw`${BEGIN}(?:on )?the (?:next|following) (?:business |working )?(?:day|morning|evening|night|week|month)(?!\p{L})|${BEGIN}(?:tomorrow|tonight|next (?:day|week|month|sprint|morning|quarter))(?!\p{L})|${BEGIN}(?:on|next) (?:mon|tues|wednes|thurs|fri|satur|sun)day(?!\p{L})`,
  ],
  [
    / (?:business |working )?(?:day|night|week|month|year|sprint|tag|woche|monat|jour|semaine|mois|d[ií]as?|semana|mes|m[eê]s|giorn|settiman)/,
    String.raw`${BEGIN}(?:about |around |at least )?${COUNT} ${SPAN} (?:later|afterwards|after|später|danach|après|plus tard|después|más tarde|depois|mais tarde|dopo|più tardi)(?!\p{L})|${BEGIN}(?:in|after|within|nach|in|après|dans|después de|tras|após|depois de|em|en|dopo|tra|fra) (?:about |at least |another )?${COUNT} ${SPAN}(?!\p{L})(?: have passed)?(?=\P{L}*$|[,:]|\s\P{L})`,
  ],
  [
    /earlier than|sooner than|not before|frühestens|au plus tôt|pas avant|antes de|prima di|как минимум|najwcześniej/,
    String.raw`${BEGIN}(?:no|not) (?:earlier|sooner) than(?!\p{L})|${BEGIN}not before (?:\d|an?(?!\p{L})|the (?:next|end)|${COUNT} ${SPAN})|${BEGIN}frühestens (?:nach|am|in)(?!\p{L})|${BEGIN}(?:au plus tôt|pas avant|no antes de|não antes de|non prima di|как минимум через|najwcześniej)(?!\p{L})`,
  ],
  [
    /keep |leave |retain |schedule |later/,
    String.raw`${BEGIN}(?:keep|leave|retain) [^.]{2,60} for (?:at least |another )?${COUNT} ${SPAN}(?!\p{L})|${BEGIN}schedule (?:this|it|the [\p{L} -]{2,30}) (?:for|on|at|in)(?!\p{L})|${BEGIN}later[,:]? (?:when|in the|on|that)(?!\p{L})|${BEGIN}later:?\P{L}*$`,
  ],
  [
    /end of |weekend|(?:before|after) the /,
    String.raw`${BEGIN}(?:at the )?end of (?:the )?(?:day|week|month|quarter|year)(?!\p{L})|${BEGIN}(?:over|at|during) the weekend(?!\p{L})|${BEGIN}(?:before the next|after the next) (?:release|deploy\p{L}*|sprint|window)(?!\p{L})|${BEGIN}after the (?:maintenance window|weekend|freeze|holidays?|release|fix is)(?!\p{L})`,
  ],
  [
    /before|earlier|in advance|ahead|vorher|zuvor|avant|avance|antes|prima/,
    String.raw`(?<!\p{L})(?:bajar|reducir|lower|reduce|drop|set|senken?|setzen?|baisse[rz]|réduire|abbassare|baixar)(?!\p{L})[^.]{0,60}(?<![\p{L}\p{N}])\d{1,3} ?${HOURS} (?:before|earlier|in advance|ahead|vorher|zuvor|avant|à l['’]avance|antes|prima)(?!\p{L})`,
  ],
  [
    /nächste|folgende|folgetag|lendemain|suivante|siguiente|seguinte|giorno |день|через|następnego|po (?:tyg|mies|\d)/,
    String.raw`${BEGIN}(?:am )?(?:(?:nächsten|folgenden) (?:tag|morgen|monat|werktag)|folgetag)(?!\p{L})|${BEGIN}(?:nächste woche|le lendemain|la semaine suivante|al día siguiente|a la mañana siguiente|la semana siguiente|no dia seguinte|na semana seguinte|il giorno (?:dopo|seguente|successivo)|на следующий день|через (?:неделю|месяц|день|\d+ (?:дн|недел|месяц))|następnego dnia|po (?:tygodniu|miesiącu|\d+ dniach))(?!\p{L})`,
  ],
  [
    /[\u3040-\u9fff\uac00-\ud7af]/,
    String.raw`^\P{L}*(?:[一两二三\d]+ ?(?:周|天|个月|個月|週間|日|か月|ヶ月)(?:之)?[后後]|第二天|次日|翌日|翌朝|(?:일주일|하루|한 달|\d+ ?일) (?:후|뒤)|다음 ?날)`,
  ],
);

/** Who is asked knows whether that is so; the answer to an input would be the wrong way round. */
const UNLESS = hinted(
  [
    /skip |not (?:needed|required|necessary)|unless/,
    String.raw`${BEGIN}(?:you (?:can|may|should) )?skip (?:this|it|the|to)?(?: (?:step|section|part|block|next step))? ?(?:if|when|unless|on|for|in)(?!\p{L})|${BEGIN}(?:(?:this|the following|the next)(?: (?:step|part|command|block|section))? is )?not (?:needed|required|necessary) (?:on|for|if|when|in)(?!\p{L})|${BEGIN}unless(?!\p{L})|\((?:you can )?(?:skip (?:this )?|not (?:needed|required|necessary) )(?:on|for|if|when|in|unless)(?!\p{L})`,
  ],
  [
    /überspringen|entfällt|nicht |es sei denn/,
    String.raw`${BEGIN}(?:überspringen|entfällt|nicht (?:nötig|erforderlich|notwendig)),? (?:sie |dies\p{L}* )?(?:schritt )?(?:wenn|falls|bei|auf|für)(?!\p{L})|${BEGIN}es sei denn(?!\p{L})`,
  ],
  [
    /saute|passe|ignore|omit|salt|pul[ae]|neces|pas nécessaire|à moins|a menos|salvo|a meno/,
    String.raw`${BEGIN}(?:(?:saute[rz]|passe[rz]|ignore[rz]) (?:cette étape|ceci)|(?:omit[ae]r?|salt[ae]r?|omita|pul[ae]r?) (?:este paso|esta etapa|este passo|esto|isto)|salta(?:re)? questo passo|no es necesario|não é necessário|non (?:è )?necessario|pas nécessaire|à moins que|a menos que|salvo que|a meno che) ?(?:si|se|cuando|quando|en|em|in|sur|sous|su|que)?(?!\p{L})`,
  ],
);

/** Somebody else has to be through with something. */
const ONCE_ALL = hinted(
  [
    /(?:once|when|after) (?:all|every|each|nobody|no one)|as soon as /,
    String.raw`${BEGIN}(?:once|when|after) (?:all|every|each) (?:of )?(?:the |our |your )?(?:customers?|users?|clients?|teams?|tenants?|people|colleagues|stakeholders?)(?!\p{L})|${BEGIN}(?:once|when|after) (?:everybody|everyone|nobody|no one)(?!\p{L})|${BEGIN}as soon as (?:the|all|everybody|everyone|it)(?!\p{L})`,
  ],
  [
    /sobald |dès que|en cuanto|assim que|non appena|как только|gdy tylko/,
    String.raw`${BEGIN}sobald (?:die|der|das|alle)(?!\p{L})|${BEGIN}(?:dès que|en cuanto|assim que|non appena|как только|gdy tylko)(?!\p{L})`,
  ],
);

/** "Try the following in order until the queue drains:": each next one is done where the one before has not helped. */
const IN_TURN = hinted(
  [
    /until|till/,
    String.raw`${BEGIN}(?:try|do|attempt|work through|go through|apply|run) [^.]{0,60}(?:in (?:this |the (?:following |given )?)?order|one (?:by|after) (?:one|another|the other)|in turn|following|these|each)[^.]{0,60}(?<!\p{L})(?:until|till)(?!\p{L})`,
  ],
  [
    /(?<![a-z])bis(?![a-z])|jusqu|hasta que|até que|finché|fino a/,
    String.raw`${BEGIN}(?:versuchen?|probieren?)(?!\p{L})[^.]{0,100}(?<!\p{L})bis(?!\p{L})|${BEGIN}(?:essaye[rz]|intent[ae]r?|prueb[ae]|tent[ae]r?|prov[aie](?:re)?)(?!\p{L})[^.]{0,100}(?<!\p{L})(?:jusqu|hasta que|até que|finché|fino a)`,
  ],
);

export function saysInTurn(sentence: string): boolean {
  return fitsSome(IN_TURN, beginOf(sentence));
}

export const REACHED = [...LATER, ...UNLESS, ...ONCE_ALL, ...IN_TURN];

/** "The next morning, …", "Not before 7 days have passed:", "Skip this if …", "Once all customers have migrated:". */
export function judgedWhenReached(sentence: string): boolean {
  return fitsSome(REACHED, beginOf(sentence));
}
