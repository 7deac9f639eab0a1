import { BEGIN, hinted } from './hinted.js';

const UNIT = String.raw`(?:s|sec|secs|seconds?|min|mins|minutes?|hours?|h|days?|sekunden?|minuten?|stunden?|tage?|segundos?|minutos?|horas?|días?|dias?|secondi|minuti|minuto|ore|giorni|secondes?|heures?|jours?|секунд\p{L}*|минут\p{L}*|час\p{L}*|sekund\p{L}*|minut\p{L}*|godzin\p{L}*)(?!\p{L})`;

/** Some time passes. */
export const WAITS = hinted(
  [
    /wait|pause|hold|allow|give (?:it|them) /,
    String.raw`${BEGIN}(?:wait|pause|hold(?: on)?|allow(?= (?:[a-z]+ ){0,4}(?:some|few|couple|minutes?|moment|while|time|(?:\d+|one|two|three|five|ten|fifteen|thirty)(?:(?: to |[-–])\d+)?[ -]?${UNIT}))|give (?:it|them)) (?:(?:at least|about|around|approximately|up to|another|for|until|till|some|an?|the) ?){0,4}(?:\d|few|couple|one|two|three|five|ten|fifteen|thirty|minutes?|moment|while|time|(?<=(?:for|until|till) )\p{L})`,
  ],
  [
    /(?:here|there|at this point),? (?:for|until|till) |let |back (?:after|in|later|tomorrow)/,
    String.raw`${BEGIN}(?:pause|wait|hold|stop) (?:here|there|at this point),? (?:for|until|till) \p{L}|${BEGIN}let (?:it|them|(?:the|all|any|your) (?:[\w-]+ ){0,3}?[\w-]+)(?: fully| first)? (?:drain|settle|finish|complete|catch up|warm up|soak|bake|cool down|propagate|quiesce|stabili[sz]e)(?!\p{L})|${BEGIN}(?:come|check|look) back (?:after|in|later|tomorrow)(?!\p{L})`,
  ],
  [
    /(?:leer|aus)laufen lassen|dej[ae] que |laisse|deixe |lasci/,
    String.raw`(?<!\p{L})(?:leer|aus)laufen lassen(?!\p{L})|${BEGIN}(?:dej[ae] que|laisse[rz]?|deixe|lasci(?:a|are) che) (?:la|le|el|a|o|il|les|los|l['’])[ ]?[\p{L}-]+ (?:se |si )?(?:vac[ií]|vide|esvazi|svuot|termin|fini|acab)\p{L}*`,
  ],
  [
    /after /,
    String.raw`${BEGIN}after (?:waiting|(?:at least |about |another )?(?:\d+|a few|several|ten|five|two) ${UNIT})`,
  ],
  [
    /not (?:before|until|earlier|sooner)|no (?:earlier|sooner)|at the earliest|at least/,
    String.raw`${BEGIN}(?:not (?:before|until|earlier than|sooner than)|no (?:earlier|sooner) than|at the earliest|at least) (?:[\w'’-]+ ){0,3}?(?:\d+|one|two|three|five|seven|ten|a few|several)(?: full| more)? (?:${UNIT}|weeks?|months?)(?= (?:have|has|passed|after|later|from|before|since|ago))`,
  ],
  [
    /released|merged|rolled out|migrated|confirmed|signed off|caught up/,
    String.raw`${BEGIN}(?:after|once|as soon as|when) (?:[\w'’-]+ ){1,6}?(?:(?:has|have|is|are)(?: been)? (?:all )?(?:released|merged|rolled out|migrated|confirmed|signed off|caught up)|caught up)(?!\p{L})`,
  ],
  [
    /not (?:before|earlier)|no (?:earlier|sooner)|frühestens|nicht vor|erst nach|antes|avant|prima(?![a-z])|vorher|zuvor|que pas[es]/,
    String.raw`${BEGIN}(?:not (?:before|earlier than)|no (?:earlier|sooner) than) (?:\d+|one|two|a few|several) (?:${UNIT}|weeks?|months?)|${BEGIN}(?:frühestens (?:nach|in)|nicht vor(?: ablauf von)?|erst nach) (?:\d+|\p{L}+) (?:${UNIT}|tagen|wochen?|monaten?)|(?<!\p{L})(?:\d+ (?:horas|días|dias|minutos|semanas|heures|jours|minutes|semaines|ore|giorni|minuti|settimane|stunden|tage|wochen|minuten) (?:antes|avant|prima|vorher|zuvor)|(?:no|não|non|pas) (?:antes|prima|avant) (?:de|di|que pasen|que passem) \d)(?!\p{L})`,
  ],
  [
    /warte/,
    String.raw`(?<!\p{L})(?:\d+|einige|ein paar|zwei|fünf|zehn|zwanzig|dreißig) (?:weitere )?${UNIT} (?:lang )?(?:ab)?warten(?!\p{L})|${BEGIN}(?:ab)?warten? (?:sie|,? ?bis|auf|mindestens|ca|etwa|\d)|(?<!\p{L})abwarten\P{L}*$`,
  ],
  [
    /esper|aguard|aspett|attend|patiente/,
    String.raw`${BEGIN}(?:esper[ae]r?|espere|aguard[ae]r?|aspett[aoi]\p{L}*|attend(?:i|ere|ete)|attende[zr]|attendre|patiente[rz]) (?:a |até |hasta |que |che |fino |finché |la |o |el |le |les |il |unos |alguns |qualche |quelques |jusqu|al menos |ao menos |almeno |au moins |por |\d)`,
  ],
  [
    /жд|czekaj|[\u3040-\u9fff]/,
    String.raw`${BEGIN}(?:подожд|дожд|жд)(?:ите|и|итесь|ись|аться|ать)(?!\p{L})|${BEGIN}(?:po|od|za)?czekaj(?!\p{L})|^\P{L}*(?:请|請)?(?:先)?(?:等待|等候|稍等|等\s?\d)|(?:分|秒|時間|まで|のを)\P{L}*(?:ほど|程度|くらい)?(?:待つ|待ち|待って|待機)`,
  ],
);

/** Somebody looks on until it is so. */
export const WATCHES = hinted(
  [
    /until|till/,
    String.raw`${BEGIN}(?:watch|monitor|observe|follow|track|repeat|keep (?:an eye on|watching|checking|looking at|monitoring|repeating)|check|look at)(?!\p{L})[^.]{0,120}(?<!\p{L})(?:until|till)(?!\p{L})`,
  ],
  [
    /(?<![a-z])bis(?![a-z])/,
    String.raw`${BEGIN}(?:beobachten?|überwachen?|verfolgen?|prüfen?|wiederholen?)(?!\p{L})[^.]{0,120}(?<!\p{L})bis(?!\p{L})|(?<!\p{L})(?:im auge behalten|beobachten|überwachen|verfolgen),? (?:so lange,? )?bis(?!\p{L})`,
  ],
  [
    /hasta que|até|fino a|finché|jusqu/,
    String.raw`${BEGIN}(?:observ|vigil|supervis|monitor|revis|repit|repet|acompanh|verifi|control|osserv|sorvegli|ripet|surveill|suive|suivre|répéte)\p{L}*[^.]{0,120}(?<!\p{L})(?:hasta que|até|fino a|finché|jusqu)`,
  ],
  [
    /[а-я]|aż|dopóki|[\u3040-\u9fff]/,
    String.raw`${BEGIN}(?:следите|следить|наблюдайте|наблюдать|проверяйте)(?!\p{L})[^.]{0,120}(?<!\p{L})(?:пока|до тех пор)(?!\p{L})|${BEGIN}(?:obserwuj|śledź|sprawdzaj)(?!\p{L})[^.]{0,120}(?<!\p{L})(?:aż|dopóki)(?!\p{L})|^\P{L}*(?:观察|監視|监控|查看|检查)[^。]{0,80}直到|まで(?:監視|観察|確認|見守)`,
  ],
);
