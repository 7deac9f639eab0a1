import { BEGIN, hinted } from './hinted.js';

const PEOPLE = String.raw`(?:dba|team|lead|leader|manager|owner|on-?call|admin\w*|customer|stakeholders?|operator|supervisor|colleague|boss|approver|commander|security officer|(?:second|another|responsible) person|someone|somebody|everyone|everybody|support|vendor|management|security|legal|compliance)(?!\p{L})`;
const APPROVAL = String.raw`(?:approval|sign-?off|go-?ahead|green light|consent|permission (?:from|of|by)|authori[sz]ation (?:from|of|by)|confirmation (?:from|of|by) (?:the|your|an?) [^.]{0,30}${PEOPLE})`;

/** Somebody is asked, or it is done at certain times only. */
export const PERSON = hinted(
  [
    /(?:ask|consult|contact|call|notify|inform|tell|with|talk to|speak|get hold of) /,
    String.raw`${BEGIN}(?:ask|consult|contact|call|notify|inform|tell|check with|confirm with|agree with|coordinate with|talk to|speak (?:to|with)|get hold of|clear (?:this|it) with) (?:[\w'’-]+ ){0,4}${PEOPLE}`,
  ],
  [
    /first/,
    String.raw`(?:${BEGIN}|\()(?:ask|consult|contact|notify|inform|tell|check with|confirm with|coordinate with|talk to|speak (?:to|with)) (?:[\w'’-]+ ){1,5}first(?!\p{L})`,
  ],
  [
    /before /,
    String.raw`(?<!\p{L})(?:call|ask|consult|contact|notify|inform|tell|page|warn|escalate to) [^.]{1,60}(?<!\p{L})before (?:you (?!(?:can|may|could|were|had)(?!\p{L}))\p{L}|\p{L}+ing(?!\p{L})|(?:any|every)thing)`,
  ],
  [
    /before|first/,
    String.raw`${BEGIN}(?:post|announce|write|say) (?:[^.]{1,60} )?(?:in|on|to) (?:the )?(?:#[\w-]+|status ?page|slack|teams|channel)[^.]{0,40}(?<!\p{L})(?:before|first)(?!\p{L})`,
  ],
  [
    /second |another |other |eye|person/,
    String.raw`${BEGIN}(?:have|get|let|find) (?:a |an |one more )?(?:second|another|other) (?:person|pair of eyes|engineer|operator|reviewer|set of eyes)(?!\p{L})|(?<!\p{L})(?:four|two)[- ](?:eyes?|person) (?:principle|rule|check|review)`,
  ],
  [/and wait /, String.raw`${BEGIN}(?:page|call|ping|ask|tell) (?:[\w'’-]+ ){1,6}and wait (?:for|until)(?!\p{L})`],
  [/only (?:after|once)/, String.raw`${BEGIN}(?:do|run|perform|start) (?:this|these|it) only (?:after|once)(?!\p{L})`],
  [
    /people|persons|engineers|operators|admins|be (?:run|done|executed|performed) by /,
    String.raw`(?<!\p{L})(?:two|both|2|at least two|several) (?:people|persons|engineers|operators|admins) (?:must|have to|need to|should) (?:be present|agree|confirm|approve)|${BEGIN}(?:this )?(?:must|has to|should|may only|can only) (?:only )?be (?:run|done|executed|performed) by (?:[\w'’-]+ ){0,3}${PEOPLE}`,
  ],
  [
    /inform|notify|tell|warn|nobody|no[ -]one|no user/,
    String.raw`${BEGIN}(?:inform|notify|tell|warn) (?:[\w'’-]+ ){0,4}(?:customers|users|tenants|clients|teams|stakeholders|colleagues)(?!\p{L})|${BEGIN}(?:make sure|ensure|verify|confirm|check) (?:that )?(?:nobody|no one|no user|no-one)(?!\p{L})`,
  ],
  [
    /approv|sign-?off|go-?ahead|green light|consent|permission|authori[sz]ation|confirmation|in consultation/,
    String.raw`(?<!\p{L})(?:(?:get|obtain|request|ask for|seek|needs?|requires?|await|with|without|after|upon|until|pending|subject to|has|have) (?:[\w'’-]+ ){0,4}${APPROVAL}|(?:once|after|when|if|until|unless) (?:it (?:is|was|has been) )?approved(?! by ci)|in consultation with)`,
  ],
  [
    /only /,
    String.raw`${BEGIN}only (?:during|within|outside|between|with (?:the |an? )?(?:[\w-]+ ){0,3}(?:approval|consent|permission|sign-?off)|after (?:consult|ask|approv|confirm|coordinat|talk)\w*)(?!\p{L})`,
  ],
  [
    /not |nicht |pas |no |non |não |не |nie /,
    String.raw`${BEGIN}not (?:on|in|at|against|during|while|within|outside)(?!\p{L})(?! (?:this|that|the) (?:document|guide|runbook|page|section|scope))|${BEGIN}nicht (?:auf|in|im|während|außerhalb|gegen)(?!\p{L})|${BEGIN}(?:surtout )?pas (?:en|sur|pendant|dans)(?!\p{L})|${BEGIN}(?:no|não) (?:en|em|durante|sobre|contra) (?:\p{L}+ ){0,2}(?:producción|produção|horas?|horário)|${BEGIN}non (?:in|su|durante)(?!\p{L})|${BEGIN}(?:не|nie) (?:на|в|во время|na|w|podczas)(?!\p{L})`,
  ],
  [
    /(?:maintenance|change) window|(?:business|office|working|peak) (?:hour|time)/,
    String.raw`(?<!\p{L})(?:during|within|in|inside|outside(?: of)?) (?:the|a|an|your|our)?\s?(?:[\w-]+ )?(?:maintenance|change) windows?(?!\p{L})|(?<!\p{L})(?:outside(?: of)?|(?:never|not) (?:\w+ ){0,3}during) (?:the )?(?:business|office|working|peak) (?:hours|times?)(?!\p{L})`,
  ],
  [/ask (?:first |again )?before /, String.raw`${BEGIN}ask (?:first |again )?before \p{L}+ing(?!\p{L})`],
  [
    /approved|authori[sz]ed|signed off/,
    String.raw`(?<!\p{L})(?:once|after|when|if|until|unless) (?:[\w'’-]+ ){1,6}?(?:is|are|was|were|has been|have been|gets?) (?:approved|authori[sz]ed|signed off)(?! by ci)(?!\p{L})`,
  ],
  [
    /sign(?:s|ed)?[ -]off/,
    String.raw`${BEGIN}(?:have|let|get) (?:[\w'’-]+ ){1,4}?(?:to )?sign[ -]off(?!\p{L})|(?<!\p{L})(?:once|after|when|until|unless) (?:[\w'’-]+ ){1,4}?(?:has |have )?sign(?:s|ed)?[ -]off(?!\p{L})`,
  ],
  [
    /second |another |other |two |more /,
    String.raw`${BEGIN}(?:this |it |(?:this|the next) step )?(?:requires?|needs?) (?:a |an )?(?:second|another|other|two) (?:person|people|persons|pairs? of (?:eyes|hands)|engineer|operator|reviewer|set of eyes)(?!\p{L})|${BEGIN}(?:at least )?(?:one|two|another|an?) (?:other |second |more )(?:engineer|operator|person|colleague|admin)s? (?:must|(?:has|have|needs?) to) be (?:on the call|present|online|available|reachable|there)(?!\p{L})`,
  ],
  [
    /(?:verify|clarify|align|clear) with |in (?:the )?(?:#|slack|teams)/,
    String.raw`${BEGIN}(?:verify|clarify|align|clear) with (?:[\w'’-]+ ){0,4}${PEOPLE}|${BEGIN}(?:confirm|check|verify|ask|agree) in (?:the )?(?:#[\w-]+|slack|teams)(?!\p{L})`,
  ],
  [
    /let .*know/,
    String.raw`${BEGIN}(?:page|call|ping|ask|tell|contact) (?:[\w'’-]+ ){1,6}?and let (?:them|him|her) know(?!\p{L})|${BEGIN}let (?:everyone|everybody|(?:the |your )(?:[\w-]+ ){0,3}${PEOPLE}) know(?!\p{L})`,
  ],
  [
    /\d:\d\d|only (?:during|within|between)/,
    String.raw`${BEGIN}(?:do|run|perform|start|execute|begin) (?:this |these |it )?(?:only |not )?(?:after|before|between|from) \d{1,2}:\d\d|${BEGIN}(?:do|run|perform|start|execute|begin) (?:this |these |it )?only (?:during|between|within (?:it|this|that|the (?:[\w-]+ )?(?:window|hours|slot)))(?!\p{L})`,
  ],
  // German
  [
    /freigegeben|genehmigt|abgenommen|\d uhr|\d:\d\d uhr/,
    String.raw`(?<!\p{L})(?:sobald|wenn|nachdem|bis|falls) (?:[\p{L}-]+ ){1,5}(?:freigegeben|genehmigt|abgenommen) (?:ist|sind|wurden?|hat|haben)(?!\p{L})|${BEGIN}(?:erst|nur) (?:nach|ab|zwischen|vor) \d{1,2}(?::\d\d)? uhr(?!\p{L})`,
  ],
  [
    /augen|zweite person|vorher|zuerst|zuvor/,
    String.raw`(?<!\p{L})vier-?augen|(?<!\p{L})eine zweite person(?!\p{L})|(?<!\p{L})(?:vorher|zuerst|zuvor) (?:[\p{L}-]+ ){0,5}(?:nachfragen|anrufen|informieren|abstimmen)(?!\p{L})`,
  ],
  [
    /antes|primer|primeiro|prima|d['’]abord|avant|segunda|seconda|deuxième|seconde/,
    String.raw`${BEGIN}(?:pregunt|avis|consult|pergunt|chied|demand)\p{L}* (?:antes|primero|primeiro|prima|d['’]abord|avant) (?:a|al|à|ao|au)(?!\p{L})|(?<!\p{L})(?:una segunda persona|uma segunda pessoa|una seconda persona|une (?:deuxième|seconde) personne)(?!\p{L})`,
  ],
  [
    /rücksprache|absprache|freigabe|genehmigung|zustimmung|abstimmung|einverständnis|erlaubnis/,
    String.raw`(?<!\p{L})(?:nach|in|mit|ohne|erst) (?:[\p{L}-]+ ){0,3}(?:rücksprache|absprache|freigabe|genehmigung|zustimmung|abstimmung|einverständnis)(?!\p{L})|(?<!\p{L})(?:freigabe|genehmigung|zustimmung|erlaubnis) (?:[\p{L}-]+ ){0,4}(?:einholen|abwarten|holen|erforderlich|nötig)(?!\p{L})`,
  ],
  [
    /frag|kontaktiere|informiere|verständigen/,
    String.raw`${BEGIN}(?:(?:fragen|kontaktieren|informieren|verständigen) sie|frage?|kontaktiere|informiere) (?:den|die|das|beim?|bei der|ihren?|deinen?)(?!\p{L})`,
  ],
  [
    /zuerst|vorher|zuvor|bevor|während|außerhalb|innerhalb|wartungsfenster|nur mit |ausschließlich mit /,
    String.raw`(?:${BEGIN}|\()(?:frage?n?|informieren?|kontaktieren?|verständigen?|rufen?)(?: sie)? (?:[\p{L}-]+ ){1,4}(?:zuerst|vorher|zuvor|bevor)(?!\p{L})|(?<!\p{L})(?:nur|ausschließlich) (?:während|außerhalb|innerhalb|im wartungsfenster|mit (?:[\p{L}-]+ ){0,2}(?:freigabe|genehmigung|zustimmung))(?!\p{L})|(?<!\p{L})(?:im|während des|außerhalb des) wartungsfensters?(?!\p{L})`,
  ],
  // Spanish, Portuguese, Italian, French
  [
    /aprob|autori[sz]|permi|permesso|visto bueno|aprovação|approvazione|approbation|accord|aval|feu vert/,
    String.raw`${BEGIN}(?:solicit|pid|peç|ped|pida|obten|obteng|consig|richied|chied|ottien|demand|obten|obtien)\p{L}* [^.]{0,60}(?<!\p{L})(?:aprobaci[oó]n|autorizaci[oó]n|permiso|visto bueno|aprovação|autorização|permissão|approvazione|autorizzazione|permesso|(?:l['’])?(?:approbation|autorisation|accord|aval)|feu vert)(?!\p{L})`,
  ],
  [
    /aprob|autori[sz]|visto bueno|aprovação|approvazione|approbation|accord|feu vert/,
    String.raw`(?<!\p{L})(?:con|sin|tras|previa|com|sem|após|senza|dopo|previa|avec|sans|après) (?:(?:la|el|o|a|le|l['’]|un|una|uma|une) ?){0,2}(?:previa |prévia )?(?:aprobaci[oó]n|autorizaci[oó]n|visto bueno|aprovação|autorização|approvazione|autorizzazione|approbation|autorisation|accord|feu vert)(?!\p{L})`,
  ],
  [
    /(?:consult|contact|pregunt|avis|contat|pergunt|contatt|chied|contacte|préven|demande)[a-z]* (?:con|com|a|à|al|ao|au|el|la|le|il|o|l['’])/,
    String.raw`${BEGIN}(?:consult[ae]r?|contact[ae]r?|pregunt[ae]r?|avis[ae]r?|contat[ae]r?|pergunt[ae]r?|contatt[ai](?:re)?|chied[ai](?:re)?|contacte[rz]|prévene[rz]|demande[rz]) (?:con |com |a |à |al |ao |au |el |la |le |il |o |l['’]){1,2}(?:[\p{L}'’-]+ ){0,3}(?:dba|equipo|equipe|équipe|team|responsable|responsável|responsabile|jefe|chef|admin\p{L}*|cliente?|client)(?!\p{L})`,
  ],
  [
    /validation (?:par|de|du|des)/,
    String.raw`(?<!\p{L})(?:après|avec|sans|avant) (?:la )?validation (?:par|de|du|des)(?!\p{L})`,
  ],
  [
    /durante|dentro|fuera|fora|fuori|pendant|durant|hors|ventana|janela|finestra|fenêtre/,
    String.raw`${BEGIN}(?:s[oó]lo|únicamente|solamente|só|somente|apenas|soltanto|seulement|uniquement) (?:durante|dentro|fuera|fora|fuori|pendant|durant|hors|en dehors)(?!\p{L})|(?<!\p{L})(?:ventana de mantenimiento|janela de manutenção|finestra di manutenzione|fenêtre de maintenance)(?!\p{L})`,
  ],
  // Russian, Polish, Chinese, Japanese
  [
    /[а-я]|uzyskaj|poproś|za zgodą|po uzgodnieniu|w oknie/,
    String.raw`${BEGIN}(?:согласу(?:йте|й)|получите (?:согласие|разрешение|одобрение|подтверждение))|(?:после согласования|с разрешения|с согласия|в окно обслуживания)(?!\p{L})|${BEGIN}(?:uzyskaj|poproś o) (?:zgodę|akceptację)|(?<!\p{L})(?:za zgodą|po uzgodnieniu|w oknie (?:serwisowym|utrzymaniowym))(?!\p{L})`,
  ],
  [
    /[\u3040-\u9fff]/,
    String.raw`(?:[需须經经获獲得征]|取得|获得).{0,12}(?:批准|审批|審批|同意|许可|許可|确认)(?:后|後|才|[。：:])|仅(?:限)?在.{0,8}(?:维护窗口|维护时间)|(?:承認|許可)を(?:得|取|もら|受)|メンテナンス(?:時間|ウィンドウ)(?:中|内)(?:に|の|で)`,
  ],
);
