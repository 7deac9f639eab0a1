import { beginsWithVerb, tellsDeed } from '../words/deeds.js';
import type { DocumentKind } from '../words/document-kind.js';
import { headsList } from '../words/heading-lists.js';
import { isOtherTimeThan, namesBefore, namesOtherDay, timeOfCheck } from '../words/heading-times.js';
import {
  namesAppendix,
  namesCase,
  namesContribution,
  namesDrill,
  namesEscalation,
  namesFailed,
  namesSharing,
} from '../words/headings.js';
import { phrase } from '../words/phrase.js';
import { type Role, roleOf } from '../words/roles.js';
import { namesAfterRollback, namesWayBack } from '../words/ways-back.js';

/** What the headings above a block make of it. `procedure`: it is meant to be done when the document is followed. */
export type Place =
  | 'procedure'
  | 'prerequisite'
  | 'verify'
  | 'rollback'
  | 'troubleshooting'
  | 'uninstall'
  | 'reference'
  | 'usage'
  | 'development'
  /** Only in the case that its heading names. */
  | 'case'
  | 'elsewhere';

/** What one heading makes of what stands below it, in a document of a kind. */
export function headingPlace(heading: string, kind: DocumentKind): Place {
  const { readme, installs, starts, removes, releases, undoes } = kind;
  const role = headingRole(heading);
  if (headsList(heading) || namesAppendix(heading)) return 'reference';
  if (namesContribution(heading) && (readme || installs || starts) && !releases) return 'development';
  if (readme && namesSharing(heading) && !releases) return 'development';
  if (EXPLAINS.test(heading)) return readme ? 'elsewhere' : 'reference';
  if (!readme && TESTS.test(heading)) return 'verify';
  if (!readme && namesBefore(heading)) return 'prerequisite';
  if ((namesCase(heading) || namesEscalation(heading)) && role !== 'rollback') return 'case';
  if (namesOtherDay(heading) && (!kind.recurs || isOtherTimeThan(kind.title?.heading ?? '', heading))) return 'case';
  if (readme && FOR_ANOTHER_DAY.test(heading)) return 'case';
  // Beside what removes it is for another day: both are never one run.
  if (removes && role !== 'uninstall' && INSTALLS.test(heading)) return 'case';
  if (namesWayBack(heading) || namesAfterRollback(heading) || (role === 'cleanup' && namesFailed(heading)))
    return 'rollback';
  switch (role) {
    case 'prerequisite':
      return PREPARES.test(heading) ? 'procedure' : role;
    case 'verify':
      return role;
    case 'troubleshooting':
      return DEBUG_THING.test(heading) ? 'elsewhere' : role;
    case 'rollback':
      // Who reads a README undoes a change of his own; the program's is rolled back.
      if (readme && !undoes && UNDOES_CHANGE.test(heading)) return 'usage';
      return namesDrill(heading) && !readme ? 'procedure' : role;
    case 'reference':
      if (readme && !installs && SHORT.test(heading)) return 'procedure';
      return readme || (REFERENCES.test(withoutAside(heading)) && !PART.test(heading)) ? 'reference' : 'elsewhere';
    case 'cleanup':
      if (NUMBERED.test(heading) || removes) return 'procedure';
      if (DECOMMISSION.test(heading) && starts) return 'uninstall';
      if (isTeardown(heading)) return 'rollback';
      return readme ? 'uninstall' : 'procedure';
    case 'uninstall':
      return (installs || readme || (starts && UNINSTALLS.test(heading))) && !removes ? 'uninstall' : 'procedure';
    case 'usage':
      return readme ||
        /exampl|beispiel|exempl|ejempl|esempi|sample|demo|voorbeeld|przykład|пример|示例|例子|用例|使用例|サンプル|예제|예시/iu.test(
          heading,
        )
        ? 'usage'
        : 'procedure';
    case 'development':
      // "Test the connection" of a runbook is what the section around it is: a part of "Verification", or a step.
      if (!readme) return 'elsewhere';
      return (starts || !DEVELOPMENT.test(heading)) && !isTask(heading) ? 'development' : 'procedure';
    case 'configuration':
      return readme && !beginsWithVerb(heading) ? 'usage' : 'procedure';
    case 'upgrade':
      return readme ? 'usage' : 'procedure';
    case 'install':
    case 'run':
    case 'procedure':
      return 'procedure';
    default:
      return readme && (tellsDeed(heading) || SYSTEM.test(heading)) ? 'procedure' : 'elsewhere';
  }
}

/** "Ubuntu", "On macOS": what is done there to have the program. */
const SYSTEM =
  /^\W*(?:on |for )?(?:ubuntu|debian|fedora|rhel|centos|arch(?: linux)?|alpine|linux|mac ?os(?: x)?|debian ?[/,&] ?ubuntu|ubuntu ?[/,&] ?debian|raspberry pi(?: os)?|raspbian)\W*$/i;
/** "Step 1: Preparation": what others follow. */
const PREPARES = phrase(
  /^\W*(?:step|phase|schritt|étape|paso|passo|шаг)\s*\d+\W+(?:prepar\p{L}*|vorbereitung(?:en)?|préparation|подготовка)\W*$/iu,
);
/** "Truncate the debug log", "Enable debug mode": nothing is debugged. */
const DEBUG_THING = phrase(
  /^(?!\P{L}*(?:how to )?debug).*\bdebug[- ](?:logs?|logging|mode|level|builds?|output|symbols|flags?|ports?|containers?|pods?|files?)\b/iu,
);
/** "Undo the last commit". */
const UNDOES_CHANGE = phrase(
  /^\P{L}*(?:revert(?:ing)?|undo(?:ing)?|abort(?:ing)?|rückgängig|annuler|annulation|deshacer|desfazer|annullare|отменить|撤销|取り消)(?!\p{L})(?!.*roll)/iu,
);
/** It takes away again what the rest of a README gives. */
const FOR_ANOTHER_DAY = phrase(/^\P{L}*(?:un-?register|de-?register|revok)(?:ing|e)?\b/iu);
/** As a whole; "Decommission the old node" is a step. */
const DECOMMISSION = phrase(
  /^\P{L}*(?:decommission(?:ing)?|stilllegung|außerbetriebnahme|mise hors service|desmantelamiento|dismissione)\P{L}*$/iu,
);
const UNINSTALLS = phrase(
  /un-?install|de-?install|désinstall|desinstal|disinstall|odinstal|деинсталл|卸载|解除安裝|アンインストール/iu,
);

/** What is long stands nowhere else. */
const SHORT = /^\W*tl;?dr\W*$/i;

/** "2. API": of several parts of a system, each with its step. */
const PART = /^\W*\d+[.)]\s*api\W*$/i;

/** "6) Useful commands (summary)". */
function withoutAside(heading: string): string {
  return heading
    .replace(/^\d+[.)]\s*/, '')
    .replace(
      /\s*\((?:summary|recap|reference|cheat ?sheet|overview|riassunto|resumen|resumo|résumé|zusammenfassung|übersicht|справка|摘要|总结|一覧)\)\s*$/i,
      '',
    );
}

/** "Prerequisite: install jq": what stands before a colon says what the rest is for. */
function headingRole(heading: string): Role {
  const [, before] = /^([^:：]{3,40})[:：]\s+\S/.exec(heading) ?? [];
  const role = before === undefined ? 'none' : roleOf(before);
  const time = timeOfCheck(heading);
  if (time !== undefined) return time === 'before' ? 'prerequisite' : 'verify';
  return role === 'prerequisite' || role === 'troubleshooting' || role === 'usage' ? role : roleOf(heading);
}

/** "Clean up" takes back what the procedure did; "Clean old keys", "Delete the node" are what a procedure is for. */
function isTeardown(heading: string): boolean {
  if (CJK.test(heading)) return TEARDOWN_CJK.test(heading);
  const rest = heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\s-]|\b(?:all|everything|the|step|up|down|after|resources?|environment|cluster|demo)\b/gu, ' ');
  return rest.trim().split(/[\s-]+/).length === 1 && !/delet|destroy|decommission/.test(rest);
}

/** Without blanks between words, one cannot be told from several: it says nothing but that. */
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const TEARDOWN_CJK =
  /^\P{L}*(?:(?:资源|環境|环境|リソース|리소스|환경)\s*(?:的|の)?)?(?:清理|清除|クリーンアップ|後片付け|後始末|정리|클린업)(?:(?:资源|环境|作業|手順|步骤)|\s*(?:작업|단계))?\P{L}*$/u;

/** "Step 7: Clean up" is done like the steps before it. */
const NUMBERED = /^\W*(?:(?:step|phase|schritt|étape|paso|passo)\s*\d|\d+[.):]\s)/i;

/** Where nothing else says how to start it, those who develop it are all that there are. */
const DEVELOPMENT = phrase(
  /^\W*(?:(?:local )?development(?: setup| server)?|developing(?: locally)?|develop|(?:lokale )?entwicklung|développement|desarrollo|desenvolvimento|sviluppo|разработка|(?:本地)?开发|(?:本機)?開發|(?:ローカル)?開発|(?:로컬 )?개발)\W*$/iu,
);

/** "Starting the development server", "Tests": something to do, and not all that those who develop it may do. */
function isTask(heading: string): boolean {
  return (beginsWithVerb(heading) && !/releas|publish|contribut|pull request/i.test(heading)) || TESTING.test(heading);
}

const TESTING = /^\W*(?:(?:unit|e2e|integration|automated) )?(?:tests?|testing)(?:\W*$|\s*[-–—:])/i;

/** Headings of what is told about a thing. */
const EXPLAINS =
  /^\W*(?:[\d.]+\s+)?(?:overview|how (?:it|this|that) works|how .{1,40} (?:works|runs|is (?:run|done))|(?:high-level |system )?(?:architecture|design)(?: overview)?|background|concepts?|explanation|rationale|why\b.*|history|lessons learned|post-?mortem|prevention(?: (?:strategies|strategy|measures|checklist|tips))?|preventi(?:ve|ng) (?:measures|actions|recurrence)|best practices|prävention|vorbeugung|prévention|prevenci[oó]n|prevenção|prevenzione|zapobieganie|профилактика|预防(?:措施)?|予防策?|再発防止(?:策)?|timeline|root cause(?: analysis)?|what .{1,40} (?:does|did|do|runs)|was .{1,40} (?:macht|tut)|ce que fait .{1,40}|(?:qué|lo que) hace .{1,40}|o que .{1,40} faz|(?:che )?cosa fa .{1,40}|что делает .{1,40}|what (?:happens|happened)\b.*|under the hood|internals|implementation details|known issues|future work|next steps|open questions|tips?(?: (?:to|for|and tricks|& tricks)\b.*)?|notes?|remarks|verlauf(?: (?:vom|am) .*)?|chronik|chronologie|historique|cronolog[ií]a|línea de tiempo|linha do tempo|хронология|ход событий|hinweise?|anmerkungen|remarques|notas?)\W*$/i;

/** In a runbook, what is tested is the procedure. */
const TESTS =
  /^\W*(?:[\d.]+\s+)?(?:tests?|testing|test (?:it|everything|the (?:setup|deployment|installation|connection)))\W*$/i;

/** Headings that refer and nothing else; "3. API keys" of a runbook heads a procedure. */
const REFERENCES = phrase(
  /^\W*(?:(?:[\p{L}\d-]+ ){0,4}reference|(?:\w+ )?references|see also|further reading|(?:\w+ )?links|(?:\w+ )?resources|glossary|appendix|change ?log|licen[cs]e|related(?: \w+)?|credits|api|(?:[\w-]+ ){0,2}cheat ?sheets?|(?:(?:quick|useful|common|handy|helpful|all|everyday|frequent(?:ly used)?|convenience|other|more|additional) )+commands?(?: (?:reference|summary|list))?|(?:some |a few |several |list of )commands?(?: .*)?|(?!(?:run|running|execute|use|type|enter|issue) )(?:[\p{L}\d`'’&/-]+ ){1,3}(?:commands|befehle)|(?:cli |command )(?:reference|summary)|tl;?dr|recap(?:itulation)?|kurzreferenz|spickzettel|aide-mémoire|(?:(?:n(?:ü|ue)tzliche|hilfreiche|wichtige|h(?:ä|ae)ufige|weitere) )?befehle|commandes (?:utiles|courantes|fréquentes|disponibles)|comandos? (?:[uú]te?is|útiles|comun(?:e?s)|frecuentes|disponibles)|comandi (?:utili|comuni)|przydatne (?:polecenia|komendy)|полезные команды|основные команды|шпаргалка|(?:常用|实用|實用|有用的?)(?:命令|指令)|命令速查|速查表?|快捷命令|(?:命令|指令|脚本|腳本)(?:列表|一览|清单)|(?:スクリプト|コマンド)一覧|(?:list of |available |helper |utility |management )?scripts|skripte|szybkie (?:komendy|polecenia)|comandos? r[áa]pidos|commandes rapides|comandi rapidi|быстрые команды|(?:便利な|よく使う|主な)コマンド|コマンド(?:一覧|集)|チートシート|(?:유용한|자주 (?:쓰는|사용하는)) 명령어)\W*$/iu,
);

/** "Reinstallation", "Install again", not "Installed by Homebrew". */
const INSTALLS = phrase(
  /^\W*(?:[\d.]+\s+)?(?:re-?)?install(?:ing|ation|s)?\b|\bre-?install|\breinstal|\bréinstall|\bneuinstall|^\W*(?:installieren|installer|installez|instalar|instalación|instalação|installare|installazione|instalacja|установка|установить)(?!\p{L})|переустан|安装|安裝|インストール|설치/iu,
);
