import { BEGIN, hinted } from './hinted.js';

const one = (...alternatives: readonly string[]) => `(?:${alternatives.join('|')})`;

const GO_ON = String.raw`(?:continue|proceed|go on|go ahead|go further|move on|advance|carry on)`;
const THIS = String.raw`(?:run|execute|do|perform|start|apply|use|issue|begin) (?:this|these|it|the following|the next|any of this|the commands?)`;
const STOP = String.raw`(?:abort|halt|bail out|stop (?:here|now|immediately|at this point|the (?:procedure|process|migration|rollout|upgrade|deployment|maintenance|run)|and (?:call|ask|contact|tell|escalate|investigate)))`;

const SURE = String.raw`(?:make sure|ensure|(?:double-?)?check|verify|confirm)`;

/** Some outcome ends it, or has to come first. A sentence that announces the commands that end it is no such thing. */
export const HOLDS = hinted(
  [
    /(?:do not|don['’]t|never|must not) /,
    String.raw`${BEGIN}(?:do not|don['’]t|never|must not|you must not) ${one(GO_ON, THIS)}(?!\p{L})[^.]{0,80}(?<!\p{L})(?:until|till|unless|before|without|while|as long as|as soon as|during|outside|if|when|once|after)(?!\p{L})`,
  ],
  [
    /continue|proceed|go on|go ahead|go further|move on|advance|carry on|only /,
    String.raw`${BEGIN}(?:only )?${GO_ON} (?:[\p{L}'’-]+ ){0,4}?(?:only (?:if|when|once|after)|if|once|until|unless)(?!\p{L})|${BEGIN}only ${one(GO_ON, THIS)}[^.]{0,60}(?<!\p{L})(?:if|when|once|after)(?!\p{L})`,
  ],
  [
    /before |by eye/,
    String.raw`${BEGIN}${SURE} (?!(?:that )?you)[^.]{1,120}(?<!\p{L})before (?:you (?:hit|press|go on|continue|proceed|run|delete|start|begin)|going on|continuing|proceeding|hitting|pressing|running|deleting)(?!\p{L})|${BEGIN}${SURE} by eye(?!\p{L})`,
  ],
  [
    /stop|abort|halt|bail out/,
    String.raw`${BEGIN}(?:stop(?= (?:if|unless|when|as))|${STOP})[^.]{0,60} (?:if|unless|when|as soon as)(?!\p{L})(?![^.]{0,200}[:：]\P{L}*$)`,
  ],
  [
    /stop|abort|halt|bail out|(?:do not|don['’]t) /,
    String.raw`^\P{L}*(?:if|when|should|in case|more than|less than|fewer than|any)(?!\p{L})[^.]{0,120}[,:;–-] ?(?:then |please |immediately |you must )?${one(STOP, String.raw`stop\P{L}*$`, `(?:do not|don['’]t) ${GO_ON}`)}(?!\p{L})(?![^.]{0,200}[:：]\P{L}*$)`,
  ],
  [
    /wait|do nothing|leave it|nothing|no (?:further )?action|you(?:['’]re| are) (?:done|finished)/,
    String.raw`^\P{L}*(?:if|when|as long as|while)(?!\p{L})[^.]{0,120}[,:;–-] ?(?:then |please |you can |you may )?(?:just |simply |only )?(?:wait\P{L}*$|do nothing(?!\p{L})|leave it (?:alone|as it is|running)|(?:there(?:['’]s| is) )?(?:nothing (?:else |more )?(?:to do|(?:is|needs to be) done)|no (?:further )?action (?:is )?(?:needed|required|necessary))|you(?:['’]re| are) (?:done|finished)(?!\p{L}))(?![^.]{0,200}[:：]\P{L}*$)`,
  ],
  [
    /warten|nichts tun|attend|patientez|ne rien faire|esper|no haga nada|aguarde|não faça nada|aspetta|подождите|ждите|poczekaj/,
    String.raw`^\P{L}*(?:wenn|falls|solange|si|se|cuando|quando|tant que|mientras|enquanto|finché|если|пока|jeśli)(?!\p{L})[^.]{0,120}, ?(?:dann |einfach |nur |simplement |juste |simplemente |apenas |basta |semplicemente |просто |po prostu ){0,2}(?:(?:ab)?warten|nichts tun|attendez|attendre|patientez|ne rien faire|espere|esperar|no haga nada|aguarde|não faça nada|aspetta(?:re)?|attendere|подождите|ждите|poczekaj)\P{L}*$`,
  ],
  [
    /fortfahren|weiter|abbrechen|abbruch|stoppen/,
    String.raw`(?<!\p{L})(?:nicht|erst|nur|dann erst) (?:dann )?(?:fortfahren|weitermachen|weiter)(?:,| wenn| bis| falls| solange)|${BEGIN}(?:abbrechen|abbruch|stoppen),? (?:wenn|falls|sobald)(?!\p{L})|^\P{L}*(?:wenn|falls|bei)(?!\p{L})[^.]{0,120}(?<!\p{L})(?:abbrechen|nicht (?:fortfahren|weitermachen))[.!]*$`,
  ],
  [
    /(?:no|não|non|ne) (?:cont|pros|proc|avan|siga|pours|passez)|aborte|abortar|det[eé]ngase|pare |fermarsi|interrompere|arrêtez|abandonnez/,
    String.raw`${BEGIN}(?:no|não|non) (?:contin[uú]\p{L}*|prosi[gs]\p{L}*|prosegu\p{L}*|proced\p{L}*|avan\p{L}*|siga)(?!\p{L})[^.]{0,60}(?<!\p{L})(?:hasta|antes|si|sin|até|se|sem|enquanto|mientras|finché|fino|prima|senza)(?!\p{L})|${BEGIN}ne (?:continuez|poursuivez|passez|procédez) pas(?!\p{L})|${BEGIN}(?:aborte|abortar|det[eé]ngase|deténgase|pare|fermarsi|interrompere|arrêtez[- ]vous|abandonnez)(?: aquí| aqui| qui| ici)? (?:si|se)(?!\p{L})`,
  ],
  [
    /не продолжайте|nie kontynuuj|[\u3040-\u9fff]/,
    String.raw`(?:之前|前)(?:不要|请勿|勿)(?:继续|繼續)|(?:まで|するまでは)(?:次に|先に)?進まない|${BEGIN}не продолжайте(?!\p{L})|${BEGIN}nie kontynuuj(?!\p{L})`,
  ],
);

/** "Do not run this until the backup is done" is about the next block alone. */
export const NEXT_ONLY = hinted([
  /(?:do not|don['’]t|never|must not|only) /,
  String.raw`${BEGIN}(?:do not|don['’]t|never|must not|you must not|only) ${THIS}(?!\p{L})`,
]);

/** "If the primary answers, skip to step 4": what lies between is not done unasked. */
export const JUMPS = hinted(
  [
    /(?:steps?|points?|items?|number|no\.|#) ?\d/,
    String.raw`(?<!\p{L})(?:go|jump|skip|return|proceed|continue|move|advance|resume)(?: (?:back|ahead|forward|on|directly|straight|over|down)){0,2} (?:(?:to|with|at|from) )?(?:the )?(?:steps?|points?|items?|number|no\.|#) ?\d`,
  ],
  [
    /(?:schritt|punkt)(?:e|en)? \d/,
    String.raw`(?<!\p{L})(?:weiter (?:mit|bei)|zurück zu|(?:gehen?|springen?|wechseln?)(?: sie)?(?: (?:weiter|zurück|direkt))? zu[mr]?|mit|überspringen? (?:sie )?) ?(?:schritt|punkt)(?:e|en)? \d`,
  ],
  [
    /(?:paso|passo|punto|ponto|passaggio) \d/,
    String.raw`(?<!\p{L})(?:va[iy]a?|ve|vuelv[ae]|volver|salt[ae]r?|pas[ae]r?|pase|contin[uú][ae]r?|ir|sig[au]e?|regres[ae]r?|vá|vai|volte|voltar|pul[ea]r?|retorn[ae]r?|vada|torna(?:re)?|passa(?:re)?|prosegu\p{L}+) (?:(?:directamente|diretamente|direttamente|para|con|com|desde|en|no|al|a|ao|dal|il|el|o) ){1,3}(?:paso|passo|punto|ponto|passaggio) \d`,
  ],
  [
    /(?:étape|point) \d/,
    String.raw`(?<!\p{L})(?:allez|passez|retournez|revenez|reprenez|continuez|sautez|aller|passer|revenir) (?:(?:directement|à|au|avec|par) ){1,2}(?:l['’])?(?:étape|point) \d`,
  ],
  [
    /(?:шагу|пункту|kroku|punktu) \d|[\u3040-\u9fff]/,
    String.raw`(?<!\p{L})(?:переход\p{L}+|перейд\p{L}+|верн\p{L}+|возвращ\p{L}+) к (?:шагу|пункту) \d|(?<!\p{L})(?:przejdź|wróć) do (?:kroku|punktu) \d|(?:跳到|跳至|跳转到|转到|返回|回到)(?:第|步骤)\s?\d|(?:手順|ステップ)\s?\d+\s?(?:に|へ)(?:進|戻|飛|スキップ)`,
  ],
);

const WELL = String.raw`(?:ok(?:ay)?|good|right|fine|correct|as expected|as it should|clean|sane|plausible|satisfactory|well|reasonable|safe)`;

/** "If the list looks right, delete:", "only if the copies are there" — no case, but somebody's look at what came out. */
export const LOOKED = hinted(
  [
    /only (?:if|when|once|after) /,
    String.raw`(?<!\p{L})only (?:if|when|once|after) (?:(?:all|both|the|your|these|those|its) ){0,2}(?:[\w./*-]+ ){1,4}?(?:exists?|(?:is|are|was|were|has been|have been) (?:(?:all|really|already|still|safely|successfully) )?(?:there|present|in place|complete|completed|finished|done|written|saved|stored|created|copied|verified|readable))(?!\p{L})`,
  ],
  [
    /nur(?: dann)?,? (?:wenn|falls) |(?:s[oó]l?o|seulement|uniquement|somente|apenas|soltanto) (?:si|se) /,
    String.raw`(?<!\p{L})nur(?: dann)?,? (?:wenn|falls) (?:(?:alle|die|der|das) ){0,2}(?:[\p{L}./*-]+ ){1,4}?(?:da|vorhanden|fertig|vollständig|geschrieben|gesichert) (?:ist|sind)(?!\p{L})|(?<!\p{L})(?:s[oó]l?o|seulement|uniquement|somente|apenas|soltanto) (?:si|se) (?:(?:todos|todas|tous|toutes|tutti|tutte|l[aeo]s?|les|i|gli|il|os?|as?|el) ){0,2}(?:[\p{L}./*-]+ ){1,4}?(?:exist[ea]n?t?|existem|existiren|existirem|esistono|esiste|est[áa]n? (?:ah[íi]|presentes?|list[oa]s?|complet[oa]s?)|estiver(?:em)? (?:presentes?|prontos?|prontas?|complet[oa]s?)|(?:est|sont) (?:là|présente?s?|prêt(?:e|s|es)?|terminée?s?|complète?s?)|ci sono|sono (?:presenti|pronti|pronte|complet[ie]))(?!\p{L})`,
  ],
  [
    /(?:if|when|once|after) .*(?:ok|good|right|fine|correct|as expected|as it should|clean|sane|plausible|satisfactory|well|reasonable|safe)/,
    String.raw`${BEGIN}(?:only )?(?:if|when|once|after)(?! it['’]?s? (?:is )?not) (?:it|this|that|all|everything|things|(?:all )?(?:the|your) (?:[\w-]+ ){1,4}?) ?(?:still |all )?(?:is|are|was|were|look|looks|seems?|appears?|reads?)(?: all| to be)? ${WELL}(?!\p{L})`,
  ],
  [
    /(?:if|when|once|after) .*(?:well|fine|smooth|planned|expected|pass|succe|green|running|up|ready|healthy|online|sync)/,
    String.raw`${BEGIN}(?:only )?(?:if|when|once|after) (?:it|this|that|all|everything|things|(?:all )?(?:the|your) (?:[\w-]+ ){1,3}?) ?(?:(?:has|have) )?(?:went|goes|go|gone) (?:well|fine|smoothly|as (?:planned|expected))(?!\p{L})|${BEGIN}(?:only )?(?:if|when|once|after) (?:all )?(?:the |your )?(?:[\w-]+ )?(?:tests?|checks?|smoke tests?|verifications?|validations?) (?:has |have |all )?(?:pass(?:es|ed)?|succeeds?|succeeded|(?:is|are) (?:green|successful))(?!\p{L})|${BEGIN}(?:when|once|after) (?:all )?(?:the |your )?(?:[\w-]+ )?(?:pods?|nodes?|services?|servers?|containers?|replicas?|instances?|brokers?|members?|apps?|applications?|cluster|database) (?:is|are) (?:all |up and |back )?(?:running|up|ready|healthy|online|synced|in sync)(?!\p{L})(?![^.]*(?:\b(?:access|visit|open|navigate|browse)\b|\byou (?:can|should|will|may)\b))|${BEGIN}(?:only )?if (?:it (?:was |is )?)?(?:successful|succeeded|succeeds)(?!\p{L})`,
  ],
  [
    /happy|satisfied|sure|certain|confident|comfortable|nothing|no (?:error|problem|difference)|dry[- ]run/,
    String.raw`${BEGIN}(?:only )?(?:if|when|once) you(?:['’]re| are)? (?:happy|satisfied|sure|certain|confident|comfortable)(?!\p{L})|${BEGIN}(?:if|when|once) (?:nothing|no errors?|no problems?|no differences?) (?:looks?|seems?|is|are|was|were)(?: \w+)?(?: (?:wrong|odd|strange|suspicious|shown|seen|reported|found))(?!\p{L})|${BEGIN}(?:if|when|once) (?:the )?dry[- ]run (?:is|looks|was|succe\p{L}*|pass\p{L}*|work\p{L}*)(?!\p{L})`,
  ],
  [
    /works|working|stable|funktion|läuft|funcion|fonctionn|funzion/,
    String.raw`${BEGIN}(?:only )?(?:once|after|as soon as) (?:all|everything) (?:works|is (?:working|stable))(?!\p{L})(?!,? you )|^\P{L}*(?:wenn|sobald) alles (?:wieder )?(?:funktioniert|läuft)(?!\p{L})|^\P{L}*(?:cuando|quando|una vez que|une fois que|quand|dès que|lorsque) (?:todo|tudo|tutto|tout) (?:funcion[ae]r?|fonctionne|funzion[ai])(?!\p{L})`,
  ],
  [
    /(?:wenn|falls|sobald) /,
    String.raw`^\P{L}*(?:wenn|falls|sobald) (?:(?:die|das|der|alles|sie|es) ?)(?:[\p{L}-]+ ){0,3}?(?:stimmt|passt|gut aussieht|in ordnung|korrekt|plausibel|ok|wie erwartet)(?!\p{L})|^\P{L}*(?:wenn|falls|sobald) (?:alles gut (?:ging|gegangen ist|lief|gelaufen ist)|(?:die|alle) (?:[\p{L}-]+ )?(?:tests|prüfungen|pods|knoten|dienste|server|container) (?:grün sind|laufen|bestanden (?:sind|haben)|bereit sind))(?!\p{L})`,
  ],
  [
    /(?<![a-z])(?:si|se|cuando|quando|una vez que|une fois que) (?:todo|tudo|tutto|tout|(?:la|el|le|il|a|o) )/,
    String.raw`^\P{L}*(?:si|se|cuando|quando|una vez que|une fois que) (?:todo|tudo|tutto|tout|(?:la|el|le|il|a|o) [\p{L}-]+) (?:est[áàa]|est|estiver|é|è|es|parece|sembra|semble|va|se ve) (?:todo )?(?:bien|ok|correct[oa]?|bon(?:ne)?|cert[oa]|bem|bene|giust[oa]|en orden|en ordre|in ordine|conforme)(?!\p{L})`,
  ],
  [
    /если|jeśli|[\u3040-\u9fff]/,
    String.raw`^\P{L}*если (?:всё|все|список|вывод|результат) (?:выглядит )?(?:верн|хорош|в порядке|правильн|корректн)|^\P{L}*jeśli (?:wszystko|lista|wynik) (?:jest |wygląda )?(?:ok|dobrze|w porządku|poprawn)|^\P{L}*(?:如果|若|确认)?(?:一切|结果|输出|列表)?(?:正常|无误|沒有問題|没有问题|没问题)(?:后|的话|，|,|则)|問題(?:が)?なければ`,
  ],
);
