import { entry } from './entry.js';
import { judgedWhenReached } from './reached.js';
import { lastSentence, sentencesOf } from './rules-intro.js';

/**
 * What a text wants before anybody goes on: somebody asked, some time passed, a window, a look at what came out. It is about this
 * run, so it is asked in each.
 */

const BEGIN = String.raw`^\P{L}*(?:(?:then|now|next|first|please|always|important|note|warning|caution|attention|danger|bitte|dann|danach|nun|jetzt|zuerst|wichtig|achtung|puis|ensuite|d['’]abord|luego|después|primero|depois|primeiro|poi|prima|затем|сначала|потом|następnie|potem)[\s\p{P}]+){0,3}`;
const one = (...alternatives: readonly string[]) => `(?:${alternatives.join('|')})`;
const pattern = (...alternatives: readonly string[]) => new RegExp(alternatives.join('|'), 'iu');

const PEOPLE = String.raw`(?:dba|team|lead|leader|manager|owner|on-?call|admin\w*|customer|stakeholders?|operator|supervisor|colleague|boss|approver|commander|security officer|(?:second|another|responsible) person|someone|somebody|everyone|everybody|support|vendor|management)(?!\p{L})`;
const APPROVAL = String.raw`(?:approval|sign-?off|go-?ahead|green light|consent|permission (?:from|of|by)|authori[sz]ation (?:from|of|by)|confirmation (?:from|of|by) (?:the|your|an?) [^.]{0,30}${PEOPLE})`;

/** Somebody is asked, or it is done at certain times only. */
const PERSON = pattern(
  String.raw`${BEGIN}(?:ask|consult|contact|call|notify|inform|tell|check with|confirm with|agree with|coordinate with|talk to|speak (?:to|with)|get hold of|clear (?:this|it) with) (?:[\w'’-]+ ){0,4}${PEOPLE}`,
  String.raw`(?:${BEGIN}|\()(?:ask|consult|contact|notify|inform|tell|check with|confirm with|coordinate with|talk to|speak (?:to|with)) (?:[\w'’-]+ ){1,5}first(?!\p{L})`,
  String.raw`(?<!\p{L})(?:call|ask|consult|contact|notify|inform|tell|page|escalate to) [^.]{1,60}(?<!\p{L})before (?:doing|touching|changing|running|starting|you (?:do|touch|change|run|start|begin|continue|proceed)|(?:any|every)thing|going (?:on|any further))(?!\p{L})`,
  String.raw`(?<!\p{L})(?:two|both|2|at least two|several) (?:people|persons|engineers|operators|admins) (?:must|have to|need to|should) (?:be present|agree|confirm|approve)|${BEGIN}(?:this )?(?:must|has to|should|may only|can only) (?:only )?be (?:run|done|executed|performed) by (?:[\w'’-]+ ){0,3}${PEOPLE}`,
  String.raw`${BEGIN}(?:inform|notify|tell|warn) (?:[\w'’-]+ ){0,4}(?:customers|users|tenants|clients|teams|stakeholders|colleagues)(?!\p{L})|${BEGIN}(?:make sure|ensure|verify|confirm|check) (?:that )?(?:nobody|no one|no user|no-one)(?!\p{L})`,
  String.raw`(?<!\p{L})(?:(?:get|obtain|request|ask for|seek|needs?|requires?|await|with|without|after|upon|until|pending|subject to|has|have) (?:[\w'’-]+ ){0,4}${APPROVAL}|(?:once|after|when|if|until|unless) (?:it (?:is|was|has been) )?approved(?! by ci)|in consultation with)`,
  String.raw`${BEGIN}only (?:during|within|outside|between|with (?:the |an? )?(?:[\w-]+ ){0,3}(?:approval|consent|permission|sign-?off)|after (?:consult|ask|approv|confirm|coordinat|talk)\w*)(?!\p{L})`,
  String.raw`(?<!\p{L})(?:during|within|in|inside|outside(?: of)?) (?:the|a|an|your|our)?\s?(?:[\w-]+ )?(?:maintenance|change) windows?(?!\p{L})|(?<!\p{L})(?:outside(?: of)?|(?:never|not) (?:\w+ ){0,3}during) (?:the )?(?:business|office|working|peak) (?:hours|times?)(?!\p{L})`,
  // German
  String.raw`(?<!\p{L})(?:nach|in|mit|ohne|erst) (?:[\p{L}-]+ ){0,3}(?:rücksprache|absprache|freigabe|genehmigung|zustimmung|abstimmung|einverständnis)(?!\p{L})|(?<!\p{L})(?:freigabe|genehmigung|zustimmung|erlaubnis) (?:[\p{L}-]+ ){0,4}(?:einholen|abwarten|holen|erforderlich|nötig)(?!\p{L})`,
  String.raw`${BEGIN}(?:(?:fragen|kontaktieren|informieren|verständigen) sie|frage?|kontaktiere|informiere) (?:den|die|das|beim?|bei der|ihren?|deinen?)(?!\p{L})`,
  String.raw`(?:${BEGIN}|\()(?:frage?n?|informieren?|kontaktieren?|verständigen?|rufen?)(?: sie)? (?:[\p{L}-]+ ){1,4}(?:zuerst|vorher|zuvor|bevor)(?!\p{L})|(?<!\p{L})(?:nur|ausschließlich) (?:während|außerhalb|innerhalb|im wartungsfenster|mit (?:[\p{L}-]+ ){0,2}(?:freigabe|genehmigung|zustimmung))(?!\p{L})|(?<!\p{L})(?:im|während des|außerhalb des) wartungsfensters?(?!\p{L})`,
  // Spanish, Portuguese, Italian, French
  String.raw`${BEGIN}(?:solicit|pid|peç|ped|pida|obten|obteng|consig|richied|chied|ottien|demand|obten|obtien)\p{L}* [^.]{0,60}(?<!\p{L})(?:aprobaci[oó]n|autorizaci[oó]n|permiso|visto bueno|aprovação|autorização|permissão|approvazione|autorizzazione|permesso|(?:l['’])?(?:approbation|autorisation|accord|aval)|feu vert)(?!\p{L})`,
  String.raw`(?<!\p{L})(?:con|sin|tras|previa|com|sem|após|senza|dopo|previa|avec|sans|après) (?:(?:la|el|o|a|le|l['’]|un|una|uma|une) ?){0,2}(?:previa |prévia )?(?:aprobaci[oó]n|autorizaci[oó]n|visto bueno|aprovação|autorização|approvazione|autorizzazione|approbation|autorisation|accord|feu vert)(?!\p{L})`,
  String.raw`${BEGIN}(?:consult[ae]r?|contact[ae]r?|pregunt[ae]r?|avis[ae]r?|contat[ae]r?|pergunt[ae]r?|contatt[ai](?:re)?|chied[ai](?:re)?|contacte[rz]|prévene[rz]|demande[rz]) (?:con |com |a |à |al |ao |au |el |la |le |il |o |l['’]){1,2}(?:[\p{L}'’-]+ ){0,3}(?:dba|equipo|equipe|équipe|team|responsable|responsável|responsabile|jefe|chef|admin\p{L}*|cliente?|client)(?!\p{L})`,
  String.raw`(?<!\p{L})(?:après|avec|sans|avant) (?:la )?validation (?:par|de|du|des)(?!\p{L})`,
  String.raw`${BEGIN}(?:s[oó]lo|únicamente|solamente|só|somente|apenas|soltanto|seulement|uniquement) (?:durante|dentro|fuera|fora|fuori|pendant|durant|hors|en dehors)(?!\p{L})|(?<!\p{L})(?:ventana de mantenimiento|janela de manutenção|finestra di manutenzione|fenêtre de maintenance)(?!\p{L})`,
  // Russian, Polish, Chinese, Japanese
  String.raw`${BEGIN}(?:согласу(?:йте|й)|получите (?:согласие|разрешение|одобрение|подтверждение))|(?:после согласования|с разрешения|с согласия|в окно обслуживания)(?!\p{L})|${BEGIN}(?:uzyskaj|poproś o) (?:zgodę|akceptację)|(?<!\p{L})(?:za zgodą|po uzgodnieniu|w oknie (?:serwisowym|utrzymaniowym))(?!\p{L})`,
  String.raw`(?:[需须經经获獲得征]|取得|获得).{0,12}(?:批准|审批|審批|同意|许可|許可|确认)(?:后|後|才|[。：:])|仅(?:限)?在.{0,8}(?:维护窗口|维护时间)|(?:承認|許可)を(?:得|取|もら|受)|メンテナンス(?:時間|ウィンドウ)(?:中|内)(?:に|の|で)`,
);

const UNIT = String.raw`(?:s|sec|secs|seconds?|min|mins|minutes?|hours?|h|days?|sekunden?|minuten?|stunden?|tage?|segundos?|minutos?|horas?|días?|dias?|secondi|minuti|minuto|ore|giorni|secondes?|heures?|jours?|секунд\p{L}*|минут\p{L}*|час\p{L}*|sekund\p{L}*|minut\p{L}*|godzin\p{L}*)(?!\p{L})`;

const WAITS = pattern(
  String.raw`${BEGIN}(?:wait|pause|hold(?: on)?|allow(?= (?:[a-z]+ ){0,4}(?:some|few|couple|minutes?|moment|while|time|(?:\d+|one|two|three|five|ten|fifteen|thirty)(?:(?: to |[-–])\d+)?[ -]?${UNIT}))|give (?:it|them)) (?:(?:at least|about|around|approximately|up to|another|for|until|till|some|an?|the) ?){0,4}(?:\d|few|couple|one|two|three|five|ten|fifteen|thirty|minutes?|moment|while|time|(?<=(?:for|until|till) )\p{L})`,
  String.raw`${BEGIN}after (?:waiting|(?:at least |about |another )?(?:\d+|a few|several|ten|five|two) ${UNIT})`,
  String.raw`${BEGIN}(?:not (?:before|until|earlier than|sooner than)|no (?:earlier|sooner) than|at the earliest|at least) (?:[\w'’-]+ ){0,3}?(?:\d+|one|two|three|five|seven|ten|a few|several)(?: full| more)? (?:${UNIT}|weeks?|months?)(?= (?:have|has|passed|after|later|from|before|since|ago))`,
  String.raw`${BEGIN}(?:after|once|as soon as|when) (?:[\w'’-]+ ){1,6}?(?:(?:has|have|is|are)(?: been)? (?:all )?(?:released|merged|rolled out|migrated|confirmed|signed off|caught up)|caught up)(?!\p{L})`,
  String.raw`${BEGIN}(?:not (?:before|earlier than)|no (?:earlier|sooner) than) (?:\d+|one|two|a few|several) (?:${UNIT}|weeks?|months?)|${BEGIN}(?:frühestens (?:nach|in)|nicht vor(?: ablauf von)?|erst nach) (?:\d+|\p{L}+) (?:${UNIT}|tagen|wochen?|monaten?)|(?<!\p{L})(?:\d+ (?:horas|días|dias|minutos|semanas|heures|jours|minutes|semaines|ore|giorni|minuti|settimane|stunden|tage|wochen|minuten) (?:antes|avant|prima|vorher|zuvor)|(?:no|não|non|pas) (?:antes|prima|avant) (?:de|di|que pasen|que passem) \d)(?!\p{L})`,
  String.raw`(?<!\p{L})(?:\d+|einige|ein paar|zwei|fünf|zehn|zwanzig|dreißig) (?:weitere )?${UNIT} (?:lang )?(?:ab)?warten(?!\p{L})|${BEGIN}(?:ab)?warten? (?:sie|,? ?bis|auf|mindestens|ca|etwa|\d)|(?<!\p{L})abwarten\P{L}*$`,
  String.raw`${BEGIN}(?:esper[ae]r?|espere|aguard[ae]r?|aspett[aoi]\p{L}*|attend(?:i|ere|ete)|attende[zr]|attendre|patiente[rz]) (?:a |até |hasta |que |che |fino |finché |la |o |el |le |les |il |unos |alguns |qualche |quelques |jusqu|al menos |ao menos |almeno |au moins |por |\d)`,
  String.raw`${BEGIN}(?:подожд|дожд|жд)(?:ите|и|итесь|ись|аться|ать)(?!\p{L})|${BEGIN}(?:po|od|za)?czekaj(?!\p{L})|^\P{L}*(?:请|請)?(?:先)?(?:等待|等候|稍等|等\s?\d)|(?:分|秒|時間|まで|のを)\P{L}*(?:ほど|程度|くらい)?(?:待つ|待ち|待って|待機)`,
);

/** Somebody looks on until it is so. */
const WATCHES = pattern(
  String.raw`${BEGIN}(?:watch|monitor|observe|follow|track|repeat|keep (?:an eye on|watching|checking|looking at|monitoring|repeating)|check|look at)(?!\p{L})[^.]{0,120}(?<!\p{L})(?:until|till)(?!\p{L})`,
  String.raw`${BEGIN}(?:beobachten?|überwachen?|verfolgen?|prüfen?|wiederholen?)(?!\p{L})[^.]{0,120}(?<!\p{L})bis(?!\p{L})|(?<!\p{L})(?:im auge behalten|beobachten|überwachen|verfolgen),? (?:so lange,? )?bis(?!\p{L})`,
  String.raw`${BEGIN}(?:observ|vigil|supervis|monitor|revis|repit|repet|acompanh|verifi|control|osserv|sorvegli|ripet|surveill|suive|suivre|répéte)\p{L}*[^.]{0,120}(?<!\p{L})(?:hasta que|até|fino a|finché|jusqu)`,
  String.raw`${BEGIN}(?:следите|следить|наблюдайте|наблюдать|проверяйте)(?!\p{L})[^.]{0,120}(?<!\p{L})(?:пока|до тех пор)(?!\p{L})|${BEGIN}(?:obserwuj|śledź|sprawdzaj)(?!\p{L})[^.]{0,120}(?<!\p{L})(?:aż|dopóki)(?!\p{L})|^\P{L}*(?:观察|監視|监控|查看|检查)[^。]{0,80}直到|まで(?:監視|観察|確認|見守)`,
);

const GO_ON = String.raw`(?:continue|proceed|go on|go ahead|go further|move on|advance|carry on)`;
const THIS = String.raw`(?:run|execute|do|perform|start|apply|use|issue|begin) (?:this|these|it|the following|the next|any of this|the commands?)`;
const STOP = String.raw`(?:abort|halt|bail out|stop (?:here|now|immediately|at this point|the (?:procedure|process|migration|rollout|upgrade|deployment|maintenance|run)|and (?:call|ask|contact|tell|escalate|investigate)))`;

const SURE = String.raw`(?:make sure|ensure|(?:double-?)?check|verify|confirm)`;

/** Some outcome ends it, or has to come first. A sentence that announces the commands that end it is no such thing. */
const HOLDS = pattern(
  String.raw`${BEGIN}(?:do not|don['’]t|never|must not|you must not) ${one(GO_ON, THIS)}(?!\p{L})[^.]{0,80}(?<!\p{L})(?:until|till|unless|before|without|while|as long as|during|outside|if|when)(?!\p{L})`,
  String.raw`${BEGIN}(?:only )?${GO_ON} (?:[\p{L}'’-]+ ){0,4}?(?:only (?:if|when|once|after)|if|once|until|unless)(?!\p{L})|${BEGIN}only ${one(GO_ON, THIS)}[^.]{0,60}(?<!\p{L})(?:if|when|once|after)(?!\p{L})`,
  String.raw`${BEGIN}${SURE} (?!(?:that )?you)[^.]{1,120}(?<!\p{L})before (?:you (?:hit|press|go on|continue|proceed|run|delete|start|begin)|going on|continuing|proceeding|hitting|pressing|running|deleting)(?!\p{L})|${BEGIN}${SURE} by eye(?!\p{L})`,
  String.raw`${BEGIN}(?:stop(?= (?:if|unless|when|as))|${STOP})[^.]{0,60} (?:if|unless|when|as soon as)(?!\p{L})(?![^.]{0,200}[:：]\P{L}*$)`,
  String.raw`^\P{L}*(?:if|when|should|in case|more than|less than|fewer than|any)(?!\p{L})[^.]{0,120}[,:;–-] ?(?:then |please |immediately |you must )?${one(STOP, String.raw`stop\P{L}*$`, `(?:do not|don['’]t) ${GO_ON}`)}(?!\p{L})(?![^.]{0,200}[:：]\P{L}*$)`,
  String.raw`^\P{L}*(?:if|when|as long as|while)(?!\p{L})[^.]{0,120}[,:;–-] ?(?:then |please |you can |you may )?(?:just |simply |only )?(?:wait\P{L}*$|do nothing(?!\p{L})|leave it (?:alone|as it is|running)|(?:there(?:['’]s| is) )?(?:nothing (?:else |more )?(?:to do|(?:is|needs to be) done)|no (?:further )?action (?:is )?(?:needed|required|necessary))|you(?:['’]re| are) (?:done|finished)(?!\p{L}))(?![^.]{0,200}[:：]\P{L}*$)`,
  String.raw`^\P{L}*(?:wenn|falls|solange|si|se|cuando|quando|tant que|mientras|enquanto|finché|если|пока|jeśli)(?!\p{L})[^.]{0,120}, ?(?:dann |einfach |nur |simplement |juste |simplemente |apenas |basta |semplicemente |просто |po prostu ){0,2}(?:(?:ab)?warten|nichts tun|attendez|attendre|patientez|ne rien faire|espere|esperar|no haga nada|aguarde|não faça nada|aspetta(?:re)?|attendere|подождите|ждите|poczekaj)\P{L}*$`,
  String.raw`(?<!\p{L})(?:nicht|erst|nur|dann erst) (?:dann )?(?:fortfahren|weitermachen|weiter)(?:,| wenn| bis| falls| solange)|${BEGIN}(?:abbrechen|abbruch|stoppen),? (?:wenn|falls|sobald)(?!\p{L})|^\P{L}*(?:wenn|falls|bei)(?!\p{L})[^.]{0,120}(?<!\p{L})(?:abbrechen|nicht (?:fortfahren|weitermachen))[.!]*$`,
  String.raw`${BEGIN}(?:no|não|non) (?:contin[uú]\p{L}*|prosi[gs]\p{L}*|prosegu\p{L}*|proced\p{L}*|avan\p{L}*|siga)(?!\p{L})[^.]{0,60}(?<!\p{L})(?:hasta|antes|si|sin|até|se|sem|enquanto|mientras|finché|fino|prima|senza)(?!\p{L})|${BEGIN}ne (?:continuez|poursuivez|passez|procédez) pas(?!\p{L})|${BEGIN}(?:aborte|abortar|det[eé]ngase|deténgase|pare|fermarsi|interrompere|arrêtez[- ]vous|abandonnez)(?: aquí| aqui| qui| ici)? (?:si|se)(?!\p{L})`,
  String.raw`(?:之前|前)(?:不要|请勿|勿)(?:继续|繼續)|(?:まで|するまでは)(?:次に|先に)?進まない|${BEGIN}не продолжайте(?!\p{L})|${BEGIN}nie kontynuuj(?!\p{L})`,
);

/** "If the primary answers, skip to step 4": what lies between is not done unasked. */
const JUMPS = pattern(
  String.raw`(?<!\p{L})(?:go|jump|skip|return|proceed|continue|move|advance|resume)(?: (?:back|ahead|forward|on|directly|straight|over|down)){0,2} (?:(?:to|with|at|from) )?(?:the )?(?:steps?|points?|items?|number|no\.|#) ?\d`,
  String.raw`(?<!\p{L})(?:weiter (?:mit|bei)|zurück zu|(?:gehen?|springen?|wechseln?)(?: sie)?(?: (?:weiter|zurück|direkt))? zu[mr]?|mit|überspringen? (?:sie )?) ?(?:schritt|punkt)(?:e|en)? \d`,
  String.raw`(?<!\p{L})(?:va[iy]a?|ve|vuelv[ae]|volver|salt[ae]r?|pas[ae]r?|pase|contin[uú][ae]r?|ir|sig[au]e?|regres[ae]r?|vá|vai|volte|voltar|pul[ea]r?|retorn[ae]r?|vada|torna(?:re)?|passa(?:re)?|prosegu\p{L}+) (?:(?:directamente|diretamente|direttamente|para|con|com|desde|en|no|al|a|ao|dal|il|el|o) ){1,3}(?:paso|passo|punto|ponto|passaggio) \d`,
  String.raw`(?<!\p{L})(?:allez|passez|retournez|revenez|reprenez|continuez|sautez|aller|passer|revenir) (?:(?:directement|à|au|avec|par) ){1,2}(?:l['’])?(?:étape|point) \d`,
  String.raw`(?<!\p{L})(?:переход\p{L}+|перейд\p{L}+|верн\p{L}+|возвращ\p{L}+) к (?:шагу|пункту) \d|(?<!\p{L})(?:przejdź|wróć) do (?:kroku|punktu) \d|(?:跳到|跳至|跳转到|转到|返回|回到)(?:第|步骤)\s?\d|(?:手順|ステップ)\s?\d+\s?(?:に|へ)(?:進|戻|飛|スキップ)`,
);

const WELL = String.raw`(?:ok(?:ay)?|good|right|fine|correct|as expected|as it should|clean|sane|plausible|satisfactory|well|reasonable|safe)`;

/** "If the list looks right, delete:" — no case, but somebody's look at what came out. */
const LOOKED = pattern(
  String.raw`${BEGIN}(?:only )?(?:if|when|once|after)(?! it['’]?s? (?:is )?not) (?:it|this|that|all|everything|things|(?:all )?(?:the|your) (?:[\w-]+ ){1,4}?) ?(?:still |all )?(?:is|are|was|were|look|looks|seems?|appears?|reads?)(?: all| to be)? ${WELL}(?!\p{L})`,
  String.raw`${BEGIN}(?:only )?(?:if|when|once|after) (?:it|this|that|all|everything|things|(?:all )?(?:the|your) (?:[\w-]+ ){1,3}?) ?(?:(?:has|have) )?(?:went|goes|go|gone) (?:well|fine|smoothly|as (?:planned|expected))(?!\p{L})|${BEGIN}(?:only )?(?:if|when|once|after) (?:all )?(?:the |your )?(?:[\w-]+ )?(?:tests?|checks?|smoke tests?|verifications?|validations?) (?:has |have |all )?(?:pass(?:es|ed)?|succeeds?|succeeded|(?:is|are) (?:green|successful))(?!\p{L})|${BEGIN}(?:when|once|after) (?:all )?(?:the |your )?(?:[\w-]+ )?(?:pods?|nodes?|services?|servers?|containers?|replicas?|instances?|brokers?|members?|apps?|applications?|cluster|database) (?:is|are) (?:all |up and |back )?(?:running|up|ready|healthy|online|synced|in sync)(?!\p{L})(?![^.]*(?:\b(?:access|visit|open|navigate|browse)\b|\byou (?:can|should|will|may)\b))|${BEGIN}(?:only )?if (?:it (?:was |is )?)?(?:successful|succeeded|succeeds)(?!\p{L})`,
  String.raw`${BEGIN}(?:only )?(?:if|when|once) you(?:['’]re| are)? (?:happy|satisfied|sure|certain|confident|comfortable)(?!\p{L})|${BEGIN}(?:if|when|once) (?:nothing|no errors?|no problems?|no differences?) (?:looks?|seems?|is|are|was|were)(?: \w+)?(?: (?:wrong|odd|strange|suspicious|shown|seen|reported|found))(?!\p{L})|${BEGIN}(?:if|when|once) (?:the )?dry[- ]run (?:is|looks|was|succe\p{L}*|pass\p{L}*|work\p{L}*)(?!\p{L})`,
  String.raw`^\P{L}*(?:wenn|falls|sobald) (?:(?:die|das|der|alles|sie|es) ?)(?:[\p{L}-]+ ){0,3}?(?:stimmt|passt|gut aussieht|in ordnung|korrekt|plausibel|ok|wie erwartet)(?!\p{L})`,
  String.raw`^\P{L}*(?:wenn|falls|sobald) (?:alles gut (?:ging|gegangen ist|lief|gelaufen ist)|(?:die|alle) (?:[\p{L}-]+ )?(?:tests|prüfungen|pods|knoten|dienste|server|container) (?:grün sind|laufen|bestanden (?:sind|haben)|bereit sind))(?!\p{L})`,
  String.raw`^\P{L}*(?:si|se|cuando|quando|una vez que|une fois que) (?:todo|tudo|tutto|tout|(?:la|el|le|il|a|o) [\p{L}-]+) (?:est[áàa]|est|estiver|é|è|es|parece|sembra|semble|va|se ve) (?:todo )?(?:bien|ok|correct[oa]?|bon(?:ne)?|cert[oa]|bem|bene|giust[oa]|en orden|en ordre|in ordine|conforme)(?!\p{L})`,
  String.raw`^\P{L}*если (?:всё|все|список|вывод|результат) (?:выглядит )?(?:верн|хорош|в порядке|правильн|корректн)|^\P{L}*jeśli (?:wszystko|lista|wynik) (?:jest |wygląda )?(?:ok|dobrze|w porządku|poprawn)|^\P{L}*(?:如果|若|确认)?(?:一切|结果|输出|列表)?(?:正常|无误|沒有問題|没有问题|没问题)(?:后|的话|，|,|则)|問題(?:が)?なければ`,
);

/** A wait that the block's own commands may make. */
export function saysWait(sentence: string): boolean {
  const begin = sentence.slice(0, MOST_LOOKED);
  return WAITS.test(begin) || WATCHES.test(begin);
}

/** "Do not run this until the backup is done" is about the next block alone. */
const NEXT_ONLY = pattern(String.raw`${BEGIN}(?:do not|don['’]t|never|must not|you must not|only) ${THIS}(?!\p{L})`);

/** Whether nothing that follows is done unasked: "Stop here if the count is zero", "Do not continue until the lag is 0", "Skip to step 6". */
export function saysStop(sentence: string): boolean {
  const begin = sentence.slice(0, MOST_LOOKED);
  return JUMPS.test(begin) || (HOLDS.test(begin) && !NEXT_ONLY.test(begin));
}

/** Sentences are looked at from their begin. */
const MOST_LOOKED = 300;

/** The sentences of a text that want something first. Several rules ask about the same few texts, one after the other. */
export function wantedFirst(text: string): readonly string[] {
  if (text === '') return [];
  if (known.size > MOST_KNOWN) known.clear();
  return entry(known, text, () => findWanted(text));
}

const known = new Map<string, readonly string[]>();
const MOST_KNOWN = 100;

function findWanted(text: string): string[] {
  return sentencesOf(text).filter((sentence) => {
    const begin = sentence.slice(0, MOST_LOOKED);
    return (
      [PERSON, WAITS, WATCHES, HOLDS, JUMPS, LOOKED].some((wants) => wants.test(begin)) || judgedWhenReached(begin)
    );
  });
}

/** Whether the last sentence of a text does: then that is no case, and the block asks. */
export function wantsFirst(text: string): boolean {
  return wantedFirst(lastSentence(text)).length > 0;
}
