import { phrase } from './phrase.js';

/** What headings say beside the role of their section. */

const CASE = phrase(
  /^[^\p{L}\p{N}]*(?:\d+(?:\.\d+)*[.)]?\s+)?(?:if\b|in case\b|when (?:the|a|an|it|something|things|your)\b|unless\b|falls\b|wenn\b|im fall\b|si (?!está)|se (?!ti)|jeśli\b|jeżeli(?!\p{L})|если(?!\p{L})|如果|もし|w (?:razie|przypadku)(?!\p{L})|в случае(?!\p{L})|on (?:failure|error)s?\b|(?:in the )?worst case\b|im schlimmsten fall|schlimmstenfalls|(?:otherwise|else|if not|sonst|andernfalls|sinon|autrement|de lo contrario|caso contrário|altrimenti|иначе|否则|それ以外)\W*$|en cas d|en caso de|em caso de|in caso di|nel caso|bei (?:fehlern?|störungen)\b)|(?:場合|경우)\P{L}*$|(?:エラー|障害|失敗|異常|手動\p{L}{0,8})時\P{L}*(?:[(（].*)?$/iu,
);

/** "If ports are missing": what stands below is meant for that case only. */
export function namesCase(heading: string): boolean {
  return CASE.test(heading);
}

const ASIDE = phrase(
  /[(（]\s*((?:if|when|unless|only if|falls|wenn|nur wenn|si|se|jeśli|jeżeli|если|только если|в случае|如果|若|如需|もし|만약)(?!\p{L})[^)）]{0,120}|(?:如果|若|如需|もし|만약)[^)）]{0,120})[)）]/iu,
);

/** "One command (if the script is there)": the case that a heading says in passing. */
export function caseAside(heading: string): string {
  return ASIDE.exec(heading)?.[1] ?? onlyAside(heading) ?? '';
}

/** "Failover (emergencies only)": that says a case whatever its words are. */
export function onlyAside(heading: string): string | undefined {
  return ONLY.exec(heading)?.[1];
}

/** "(emergencies only)", "— only for EU", not "(data only)", which is what is done. */
const ONLY = phrase(
  /(?:[(（]\s*|[:：,–—]\s*|\s-\s+)((?:only|nur|sólo|solo|seulement|uniquement|somente|apenas|только|tylko)\s(?:for|if|when|in|on|once|during|after|für|wenn|falls|bei|im|nach|para|si|cuando|en|pour|en cas|per|se|in caso|em|для|при|если|dla|gdy)(?!\p{L})[^()（）]{0,100}|(?!(?:read|view|schema|data|metadata|text|structure|config\w*)[ -]only)[^()（）:：,–—]{2,60}[ -]only)\s*[)）]?\s*$/iu,
);

const SYMPTOM =
  /(?:\b(?:does|do|is|are|will|was|were|has|have|did)(?: not|n[’']t)|\bwon[’']t|\bcannot|\bcan[’']?t|\bunable to|\bnot (?:found|ready|reachable|\w+ing)|\bfails?\W*$|\bfail(?:s|ing) to\b|\bkeeps? (?:fail|crash|restart)ing|\bcrash(?:es|ing|loop\w*)?\b|\brefused\b|\bdenied\b|\bstuck\b|\b(?:is|are|goes|went) (?:down|offline|full|slow|unhealthy|unavailable|unreachable|broken|lost|corrupt(?:ed)?)\b|\bmissing\W*$|\btime(?:s|d) out\b|\b(?:startet|starten|funktioniert|läuft|laufen) nicht\b|\bfehl(?:t|en)\W*$|\bschlägt fehl|\bprobleme?\W*$|\bne (?:démarre|fonctionne) pas|\bno (?:arranca|funciona))/i;

/** "Create the volumes, but do not start yet": the reader is told so. */
const CAUTION = /(?:^|[,;:.(–—-]\s*|\b(?:but|and|please|then)\s+)do(?: not|n[’']t)\b/gi;

/** What is wrong may be any of these; which one, is found by looking. */
const CAUSES = phrase(
  /^\W*(?:[\d.]+\s+)?(?:(?:the )?(?:common|possible|likely|probable|potential|typical|known|frequent|usual) )?root causes\b|^\W*(?:häufige|mögliche) ursachen\b|^\W*causes (?:possibles|probables|fréquentes|racines)\b|^\W*(?:posibles causas|causas (?:posibles|comunes|possíveis|comuns|probables))(?!\p{L})/iu,
);

/** "Pods are not starting", "Common root causes": what stands below mends that, where it does something. */
export function namesSymptom(heading: string): boolean {
  if (CAUSES.test(heading)) return true;
  return (
    SYMPTOM.test(heading.replaceAll(CAUTION, ' ')) && !/^\W*(?:[\d.]+\s+)?(?:what|which|why|how|who)\b/i.test(heading)
  );
}

const INCIDENT =
  /\b(?:full|lag(?:ging)?|high|low|slow(?:ness)?|latency|outages?|failures?|failing|crash\w*|exhaust\w*|alerts?|issues|unavailable|stuck|errors?|incidents?|degraded|leaks?|oom\w*|spikes?|backlog|saturat\w*|flapping|throttl\w*|panne|incidente?s?|störung|ausfall)\b/i;

/** "Disk full", "High latency", "Consumer lag": what the document as a whole is about has gone wrong. */
export function namesIncident(title: string): boolean {
  return INCIDENT.test(title) || namesSymptom(title);
}

const DRILL = phrase(
  /(?<!\p{L})(?:drills?|rehearsals?|exercises?|game ?days?|übung(?:en)?|probelauf|simulacros?|exercice|esercitazione|учения|учение|演练|訓練)(?!\p{L})/iu,
);

/** "Rollback drill": it is done to see that it works, and takes back nothing of what the document did. */
export function namesDrill(heading: string): boolean {
  return DRILL.test(heading);
}

const TRIES = phrase(
  /^\P{L}*(?:test|try|practi[cs]|rehears|exercis|simulat|dry[- ]run)(?:e|ing|ning)?(?: out)?(?: of)? (?:(?:the|an?|your|our) )?(?:[\w-]+ )?(?:roll-?backs?|roll(?:ing)? back|back-?out|revert)(?: (?:plan|procedure|path|script))?\P{L}*$|^\P{L}*(?:roll-?back|back-?out)(?: (?:plan|procedure))? (?:tests?|testing|dry[- ]runs?|testen|üben|proben)\P{L}*$|^\P{L}*test de[rs] (?:rollbacks?|zurücksetzens)\P{L}*$|^\P{L}*(?:tester|probar|testar|testare|provare) (?:(?:le|la|el|o|a|il) )?(?:rollback|retour (?:en )?arrière|reversión|reversão|ripristino)\P{L}*$|^\P{L}*回滚(?:测试|演练)\P{L}*$|^\P{L}*ロールバック(?:の)?(?:テスト|訓練)\P{L}*$/iu,
);

/** "Testing the rollback", "Rollback drill": it is done on another day, to see that it works. A step has a number. */
export function triesRollback(heading: string): boolean {
  return TRIES.test(heading) || (namesDrill(heading) && !/^\P{L}*(?:\p{L}+ )?\d/u.test(heading));
}

const WAY = phrase(
  /^\W*(?:\d+(?:\.\d+)*[.)]?\s+)?(option|method|variante?|approach|alternative|scenario|way|path|plan|methode|möglichkeit|méthode|opción|opcion|opção|opcao|opcja|método|metodo|opzione|cenário|escenario|scénario|szenario|вариант|способ|方式|方法|方案|选项|オプション|옵션|방법)\s*#?([a-z]|\d{1,2}|[ivx]{1,4}|[一二三四])(?![\p{L}\p{N}])/iu,
);

const SCENARIO = phrase(
  /^\W*(?:\d+(?:\.\d+)*[.)]?\s+)?(?:scenario|szenario|scénario|cenário|escenario|scenariusz|сценарий|场景|シナリオ|시나리오)\s*[:：–—-]\s*([\p{L}\p{N}].*)$/iu,
);

/** "Option A", "Method 2", "Scenario: region lost": one of several ways. */
export function namesWay(heading: string): boolean {
  return WAY.test(heading) || SCENARIO.test(heading);
}

/** Its name: `option a`. */
export function wayIn(heading: string): string | undefined {
  const [, what] = SCENARIO.exec(heading) ?? [];
  if (what !== undefined) return `scenario ${what}`.toLowerCase();
  const [, word, mark] = WAY.exec(heading) ?? [];
  return word === undefined ? undefined : `${word} ${mark}`.toLowerCase();
}

const EMERGENCY = phrase(
  /^\P{L}*(?:emergency|break[- ]?glass|kill[- ]?switch|last resort|notfall|not-?aus|notbremse|(?:arrêt d['’])?urgence|en dernier recours|(?:parada de )?emergencia|(?:parada de )?emergência|(?:arresto di )?emergenza|(?:awaryjn|аварийн|экстренн)\p{L}*)(?!\p{L})|^\P{L}*(?:紧急|緊急|应急|긴급|비상)/iu,
);

/** "Emergency stop", "Break glass": not done unless it has come to that. */
export function namesEmergency(heading: string): boolean {
  return EMERGENCY.test(heading);
}

const MISHAP = phrase(
  /^\P{L}*(?:data[- ]loss|split[- ]?brain|lost quorum|quorum (?:loss|lost)|loss of (?:the |a |an )?[\p{L}-]+|corrupt(?:ed|ion of)? (?:the )?[\p{L}-]+|oom(?:[- ]?kill\p{L}*)?\P{L}*$|(?:handling|dealing with) (?:an? |the )?(?:failed|aborted|broken|stuck|hung|crashed|lost|dead|partial) [\p{L} -]+|out of (?:disk(?: space)?|memory|space|inodes)|high (?:memory|cpu|load|latency|disk)\P{L}*(?:usage)?\P{L}*$|(?:[\p{L}-]+ ){1,3}(?:expired|corrupt(?:ed|ion))\P{L}*$|unplanned (?!.*\band planned)[\p{L}-]+|fail[- ]?back\P{L}*$|disaster[- ]recovery\P{L}*$|work-?arounds? for\b|hot-?fix(?:es)?\P{L}*$|datenverlust|ungeplante\p{L}*|notfallwiederherstellung|perte de données|bascule non planifiée|pérdida de datos|conmutación no planificada|perda de dados|perdita di dati|потеря данных|utrata danych)(?!\p{L})|^\P{L}*(?:数据丢失|脑裂|データ損失|データ消失|스플릿 ?브레인)/iu,
);

/** "Data loss", "Split brain", "Certificate expired", "Unplanned failover" beside what is done in any case. */
export function namesMishap(heading: string): boolean {
  return MISHAP.test(heading);
}

const LATER_PLAN = phrase(/^\P{L}*plan\s*(?:[b-e]|[2-5])(?![\p{L}\p{N}])/iu);
const FALLBACK = phrase(
  /^\P{L}*(?:(?:(?:as|in) )?(?:a |the )?last resort|fall-?backs?\s*(?:[:：(–—]|-\s)|ausweichlösung|notlösung|(?:als )?letztes mittel|letzter ausweg|im notfall|im äußersten fall|(?:en )?dernier recours|solution de (?:repli|secours)|(?:como )?último recurso|en último caso|em último caso|(?:come )?ultima (?:risorsa|spiaggia)|(?:в )?крайн(?:ем случае|яя мера|ее средство)|(?:w )?ostateczno(?:ści|ść))(?!\p{L})|^\P{L}*(?:最后(?:的)?手段|备用方案|最終手段|최후의 수단)/iu,
);

/** "As a last resort", "Fallback: use the standby": for when the rest has not helped. */
export function namesFallback(heading: string): boolean {
  return FALLBACK.test(heading);
}

/** "Plan B", which without a "Plan A" is the way when the rest of the document has failed. */
export function namesLaterPlan(heading: string): boolean {
  return LATER_PLAN.test(heading);
}

const CONTRIBUTION = phrase(
  /^[^\p{L}]*(?:contribut(?:e|ing|ions?)\b|(?:submit|send|propos)(?:t?ing|e)? (?:a |an |your )?(?:changes?|patch(?:es)?|(?:pull|merge) requests?|prs?)\b|(?:open|creat|mak)(?:e|ing)? (?:a |an |your )?(?:pull|merge) requests?\b|mak(?:e|ing) (?:a |your )change\b|(?:cut|mak|creat|publish|tag|prepar)(?:t?ing|e)? (?:a |the )?(?:new )?releases?\b|(?:ein(?:en|e)? )?(?:änderung(?:en)? einreichen|release erstellen)|proposer (?:une|des) modifications?|enviar cambios|enviar alterações)/iu,
);

/** "Submitting changes", "Cutting a release": what those do who work on a program. */
export function namesContribution(heading: string): boolean {
  return CONTRIBUTION.test(heading);
}

const SHARING = phrase(
  /^[^\p{L}]*(?:(?:git|github|branch\p{L}*|release) (?:work-?flow|flow|strategy|process|model)|branch(?:es|ing)|versioning|translat(?:e|ing|ions?)|übersetz(?:en|ung(?:en)?)|traductions?|traducci(?:ón|ones)|traduções|traduzioni|releas(?:es?|ing)|publish(?:ing)?|uploading)(?!\p{L})/iu,
);

/** "Git workflow", "Translations", "Release", "Uploading to the hub": in a README, for those who work on the program. */
export function namesSharing(heading: string): boolean {
  return SHARING.test(heading);
}

const RELEASING = phrase(
  /(?<!\p{L})(?:releas(?:e|es|ing)|deploy\p{L}*|publish(?:ing)?|publication|push(?:ing)? (?:to|an?|the|your|images?|tags?)|git-?ops|roll-?outs?|veröffentlich\p{L}*|ausroll\p{L}*|publicar|publicación|publicação|publicando|publier|pubblica(?:re|zione)|déploi\p{L}*|déployer|desplieg\p{L}*|desplegar|implanta(?:r|ção)|rilasci\p{L}*)(?!\p{L})|发布|部署|リリース|デプロイ|배포|релиз|деплой|развертыв|развёртыв|wdroż|wydani/iu,
);

/** A title of a text about releasing or deploying: to push is a part of that. */
export function namesReleasing(title: string): boolean {
  return RELEASING.test(title);
}

const ESCALATION = phrase(
  /^[^\p{L}]*(?:es[ck]alati(?:on|e)|escalade|escalaci[oó]n|escalamento|эскалация|eskalacja)(?!\p{L})/iu,
);

/** "Escalation": when nothing of the rest has helped. */
export function namesEscalation(heading: string): boolean {
  return ESCALATION.test(heading);
}

const APPENDIX = phrase(
  /^[^\p{L}]*(?:appendix|annex|anhang|annexe|anexo|apéndice|apêndice|appendice|приложение|załącznik|dodatek|附录|付録|부록)(?: [a-z\d])?(?:\s*[:：.–—-]|\P{L}*$)/iu,
);

/** "Appendix: useful commands". */
export function namesAppendix(heading: string): boolean {
  return APPENDIX.test(heading);
}

const FORBIDDEN = phrase(
  /(?:^\P{L}*|[-–—:(!.,]\s*)(?:never|do not|don['’]t|nunca|jamás|ne jamais|niemals|никогда не|mai) (?:use|run|execute|type|do|uses?|usar|ejecut(?:es|ar|e)|use[ms]?|execut(?:e|ar)|utiliser|exécuter|verwenden|ausführen|nutzen|используйте|выполняйте|usare|eseguire)(?: (?:this|these|them|it|any of these))?\P{L}*$|^\P{L}*(?:dangerous|forbidden|prohibited) commands?\P{L}*$|^\P{L}*comandos (?:peligrosos|prohibidos|perigosos|proibidos)\P{L}*$|^\P{L}*commandes (?:dangereuses|interdites)\P{L}*$|^\P{L}*(?:gefährliche|verbotene) befehle\P{L}*$|^\P{L}*comandi (?:pericolosi|vietati)\P{L}*$|^\P{L}*(?:опасные|запрещ[её]нные) команды\P{L}*$|^\P{L}*(?:危险|危険|禁止|위험)(?:な|的|한)?\s?(?:命令|コマンド|명령어?)/iu,
);

/** "Dangerous commands - never use": what stands below is not to be done at all. */
export function forbids(heading: string): boolean {
  return FORBIDDEN.test(heading);
}

const FAILED = phrase(
  /(?<!\p{L})(?:after|following|nach|après|suite à|tras|después de|depois de|após|dopo|после|po)(?!\p{L}).*(?:\bfail|\babort|unsuccessful|fehlgeschlagen|fehlschlag|abgebrochen|échec|échoué|fallid|fallo|falló|falliment|fallit|falha|falhou|неудач|nieudan)|(?:失败|失敗)(?:后|後|した)/iu,
);

/** "after a failed deployment": what has gone wrong, and not "failed uploads". */
export function namesFailed(heading: string): boolean {
  return FAILED.test(heading);
}
