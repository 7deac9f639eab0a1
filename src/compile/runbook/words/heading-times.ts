import { type Phrase, phrase } from './phrase.js';

/** Headings that say of checks when they are made, in the words of several languages. */

const CHECKS = phrase(
  /(?<!\p{L})(?:checks?|checking|tests?|prüf\p{L}*|vorprüfung\p{L}*|kontroll\p{L}*|vorkontrolle\p{L}*|vérif\p{L}+|contrôles?|comprob\p{L}+|verific\p{L}+|controll[oi]|checage(?:m|ns)|conferência|провер\p{L}+|контрол\p{L}+|sprawdz\p{L}+|weryfik\p{L}+|controles?|kontrol(?:ü|leri|ler)?)(?!\p{L})|检查|檢查|确认|確認|验证|驗證|チェック|点検|점검|확인|검증/iu,
);
const BEFORE = phrase(
  /(?<!\p{L})(?:pre|prior|preliminary|beforehand|before|vorab|vorher|vorherige\p{L}*|vor (?:dem|der|den)|préalables?|avant|previ[ao]s?|prévi[ao]s?|pré|antes|preliminar\p{L}*|prima|предварительн\p{L}+|перед|до начала|przed|wstępn\p{L}+|vooraf|ön)(?!\p{L})|前(?:的)?(?:检查|檢查|确认|確認|验证|驗證|チェック|点検)|事前|사전|전 ?(?:점검|확인)/iu,
);
const AFTER = phrase(
  /(?<!\p{L})(?:post|after|afterwards|final|nach|nachher|abschließende\p{L}*|après|finaux|finales?|posteriores?|después|após|pós|dopo|finali|после|результата|po|końcow\p{L}+|achteraf|sonrası|son)(?!\p{L})|[后後](?:的)?(?:检查|檢查|确认|確認|验证|驗證|チェック|点検)|事後|사후|후 ?(?:점검|확인|검증)/iu,
);

/** "Vérifications préalables": checks that are made before anything is done; "Contrôles après bascule": those made afterwards. */
export function timeOfCheck(heading: string): 'before' | 'after' | undefined {
  if (!CHECKS.test(heading)) return undefined;
  const [before, after] = [BEFORE.test(heading), AFTER.test(heading)];
  if (before === after) return undefined;
  return before ? 'before' : 'after';
}

const NOT_BEGUN = phrase(
  /^\P{L}*(?:before (?:(?:the|an?|you|each|every|any) )?(?:upgrad|updat|migrat|deploy|releas|start|begin|restor|rotat|fail|cut-?over|maintenance)\p{L}*|vor (?:dem|der|jedem|jeder) (?:update|upgrade|migration|umstellung|einspielen|wartung|deployment|release|start)|avant (?:la |le |l['’]|toute )?(?:mise à (?:jour|niveau)|migration|déploiement|bascule|maintenance|démarr\p{L}+)|antes de (?:la |el |las )?(?:actualiza\p{L}+|migra\p{L}+|desplegar|despliegue|empezar|comenzar)|antes d[ae] (?:atualiza\p{L}+|migra\p{L}+|implanta\p{L}+)|prima (?:di|dell['’]|della) ?(?:aggiorna\p{L}+|migra\p{L}+)|перед (?:обновлени\p{L}+|миграци\p{L}+|деплоем|развёртывани\p{L}+|развертывани\p{L}+)|przed (?:aktualizacją|migracją|wdrożeniem))\P{L}*$|^\P{L}*(?:更新|升级|升級|部署|迁移|遷移|发布|發布|操作|切换|切換)前(?:的)?(?:准备|準備|检查|檢查|须知|工作|准备工作)?\P{L}*$|^\P{L}*(?:更新|移行|デプロイ|リリース|作業|アップグレード)前(?:の)?(?:準備|確認)?\P{L}*$/iu,
);

/** "Before the upgrade", "更新前准备": nothing has begun yet. */
export function namesBefore(heading: string): boolean {
  return NOT_BEGUN.test(heading);
}

const SPANS = String.raw`(?:days?|nights?|weeks?|months?|years?|tage?n?|wochen?|monate?n?|jahre?n?|jours?|semaines?|mois|ans?|d[ií]as?|semanas?|mes(?:es)?|m[eê]s|años?|anos?|giorn[oi]|settiman[ae]|mes[ei]|ann[oi])`;
const COUNT = String.raw`(?:\p{N}{1,3}|an?|one|two|three|few|some|eine[mnrs]?|ein|zwei|drei|une?|deux|trois|una?|dos|tres|uma?|duas|dois|due|tre)`;

/** What is done on another day than the rest, or again and again. */
const OTHER_DAY = phrase(
  new RegExp(
    [
      String.raw`(?<!\p{L})(?:after|nach|après|después de|após|depois de|dopo) (?:a )?${COUNT} ${SPANS}(?!\p{L})`,
      String.raw`(?<!\p{L})${COUNT} ${SPANS} (?:later|afterwards?|später|danach|après|plus tard|después|más tarde|depois|mais tarde|dopo)(?!\p{L})`,
      String.raw`\bafter \p{N}{2,3} ?h(?:ours?)?\b|(?:\b(?:the )?(?:next|following) (?:day|morning|week|month|year)|(?<!\p{L})(?:am )?(?:nächsten|folgenden) (?:tag|morgen|monat)|nächste woche|le lendemain|(?:al|o|no) d[ií]a siguiente|no dia seguinte|il giorno (?:dopo|seguente|successivo)|на следующий день|następnego dnia)(?!\p{L})`,
      String.raw`^[^\p{L}]*(?:daily|nightly|weekly|monthly|quarterly|yearly|annual(?:ly)?|täglich\p{L}*|wöchentlich\p{L}*|monatlich\p{L}*|vierteljährlich\p{L}*|jährlich\p{L}*|quotidien\p{L}*|hebdomadaire\p{L}*|mensuel\p{L}*|diari[oa]|semanal\p{L}*|mensual\p{L}*|mensal\p{L}*|anual\p{L}*|diári[oa]|giornalier\p{L}*|settimanal\p{L}*|mensil\p{L}*|ежедневн\p{L}*|еженедельн\p{L}*|ежемесячн\p{L}*|codzienn\p{L}*|miesięczn\p{L}*)(?: (?:maintenance|tasks?|operations|routine|work|chores|housekeeping|clean-?up|checks?|wartung|aufgaben|arbeiten|tâches|tareas|tarefas))?[^\p{L}]*$`,
      String.raw`(?<!\p{L})(?:maintenance (?:quotidienne|hebdomadaire|mensuelle|annuelle)|mantenimiento (?:diario|semanal|mensual|anual)|manutenção (?:diária|semanal|mensal|anual)|manutenzione (?:giornaliera|settimanale|mensile|annuale))(?!\p{L})`,
      String.raw`^[^\p{L}]*(?:every|each|jeden|jede|chaque|cada|ogni|każdego|каждый|каждую) (?:\p{N}+ )?(?:${SPANS}|morning|quarter|day|день|неделю|месяц)(?!\p{L})|^[^\p{L}]*(?:(?:at the )?end of (?:the )?(?:day|week|month|quarter|year)|monatsende|jahresende|fin de (?:mes|mois|año|année)|fim do mês|fine mese)(?!\p{L})`,
      String.raw`^\P{L}*(?:T|D|J|X|day|tag|jour|día|dia|giorno) ?[+] ?\p{N}{1,3} ?(?:h|d|w|hours?|days?|weeks?|min)?(?![\p{L}\p{N}])|^\P{L}*(?:day|week|month|sprint|tag|woche|monat|jour|semaine|día|semana|dia|giorno|settimana)\s+(?:[2-9]|\p{N}{2,3})(?![\p{L}\p{N}])(?! operations)|^\P{L}*later\P{L}*$|^\P{L}*next (?:sprint|release|quarter)(?!\p{L})|(?<!\p{L})(?:am )?folgetag(?!\p{L})|^\P{L}*black friday(?!\p{L})`,
      String.raw`^\P{L}*(?:daily|nightly|weekly|monthly|quarterly|yearly|annual(?:ly)?|täglich|wöchentlich|monatlich|vierteljährlich|jährlich)\s*[:：–—]|^\P{L}*(?:once|when|after) (?:all (?:the )?(?:customers?|users?|clients?|teams?|tenants?)|everybody|everyone|nobody)(?!\p{L})`,
      String.raw`^\P{L}*(?:每(?:天|日|周|月|年|季度)|[一两]?(?:周|天|个月)[后後]|毎(?:日|週|月|年)|翌日|[一1]週間後)`,
    ].join('|'),
    'iu',
  ),
);

/** "Clean-up after a week", "Am nächsten Tag", "Monthly maintenance": not now. */
export function namesOtherDay(heading: string): boolean {
  return OTHER_DAY.test(heading);
}

const WEEKDAY = String.raw`(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica)`;

/** How often: the title's and the headings' words for the same. */
const OFTEN: readonly (readonly [string, Phrase])[] = [
  [
    'month',
    phrase(
      /(?<!\p{L})(?:monthly|(?:every|each) month|monatlich\p{L}*|jeden monat|mensuel\p{L}*|mensual\p{L}*|mensal\p{L}*|mensil\p{L}*|of the month)(?!\p{L})|每月|毎月/iu,
    ),
  ],
  [
    'quarter',
    phrase(
      /(?<!\p{L})(?:quarterly|(?:every|each) quarter|vierteljährlich\p{L}*|jedes quartal|trimestr\p{L}*)(?!\p{L})|每季/iu,
    ),
  ],
  [
    'year',
    phrase(
      /(?<!\p{L})(?:yearly|annual(?:ly)?|(?:every|each) year|jährlich\p{L}*|jedes jahr|annuel\p{L}*|anual\p{L}*|annual\p{L}*)(?!\p{L})|每年|毎年/iu,
    ),
  ],
  [
    'week',
    phrase(
      new RegExp(
        String.raw`(?<!\p{L})(?:weekly|(?:every|each|jede[nrs]?|chaque|cada|ogni) (?:week|woche|semaine|semana|settimana|${WEEKDAY})|on ${WEEKDAY}|wöchentlich\p{L}*|hebdomadaire\p{L}*|semanal\p{L}*|settimanal\p{L}*)(?!\p{L})|每周|毎週`,
        'iu',
      ),
    ),
  ],
  [
    'day',
    phrase(
      /(?<!\p{L})(?:daily|nightly|(?:every|each) (?:day|night|morning|evening)|täglich\p{L}*|jede[nr]? (?:tag|nacht|morgen)|quotidien\p{L}*|diari[oa]s?|diári[oa]s?|giornalier\p{L}*)(?!\p{L})|每天|每日|毎日/iu,
    ),
  ],
];

/** "Every Monday" in "Weekly maintenance" is what the document is for, and "Every quarter" in it is for another day. */
export function isTimeOf(title: string, heading: string): boolean {
  const often = oftenIn(heading);
  return often !== undefined && often === oftenIn(title);
}

function oftenIn(text: string): string | undefined {
  return OFTEN.find(([, words]) => words.test(text))?.[0];
}

/** It says how often, and not as often as the title does. */
export function isOtherTimeThan(title: string, heading: string): boolean {
  const [one, other] = [oftenIn(title), oftenIn(heading)];
  return one !== undefined && other !== undefined && one !== other;
}
