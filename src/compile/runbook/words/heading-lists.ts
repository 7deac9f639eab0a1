import { phrase } from './phrase.js';

/** Headings of lists that one picks from, in the words of several languages. */

const LISTS = [
  String.raw`(?:all )?(?:(?:available|supported|possible|common|command[- ]line|cli) )+(?:options|arguments|flags|parameters|switches)`,
  String.raw`(?:common|routine|typical|frequent|ad[- ]?hoc|everyday|recurring) (?:tasks|operations|chores|jobs)|(?:häufige|typische|wiederkehrende) aufgaben|tâches (?:courantes|fréquentes)|tareas (?:comunes|frecuentes|habituales)|tarefas (?:comuns|frequentes)|(?:attività|operazioni) (?:comuni|frequenti)|типовые задачи|częste zadania|常见任务|よくある作業`,
  String.raw`day[- ]to[- ]day(?: (?:commands|use|usage))?|(?:im )?alltag|tägliche befehle|au quotidien|pense-b[êe]te|mémo|d[ií]a a d[ií]a|dia a dia`,
  String.raw`comandos? (?:de (?:referencia|referência|mantenimiento|manutenção|uso (?:diario|frecuente|comum))|del d[ií]a a d[ií]a|do dia a dia|(?:más |mais )?(?:usados|utilizados|habituales|habituais|b[áa]sicos|esenciales|essenciais|principais|principales|frequentes))`,
  String.raw`commandes (?:de (?:base|référence)|du quotidien|quotidiennes|essentielles|usuelles|principales|les plus utilisées|d['’]exploitation)`,
  String.raw`comandi (?:di (?:riferimento|uso (?:comune|quotidiano|frequente))|frequenti|principali|quotidiani|più usati)`,
  String.raw`(?:часто используемые|типовые|базовые|справочные|повседневные) команды|справочник команд`,
  String.raw`(?:najczęściej używane|podstawowe|częste) (?:polecenia|komendy)`,
  String.raw`(?:sık kullanılan|yararlı|faydalı|kullanışlı|temel) komutlar|handige (?:commando['’]?s|opdrachten)`,
  String.raw`(?:useful|handy|shell|common|recommended) aliases|(?:有用的|常用的?)别名|便利なエイリアス|alias(?:es)? (?:[úu]tiles|utiles|utili)|nützliche aliase`,
  String.raw`[\p{L}\d ._-]{0,40}(?:命令速查表?|cheat ?sheet|spickzettel|aide-mémoire|шпаргалка)`,
  String.raw`(?:日常|常用|运维|維運|管理|维护|維護|基本|基础|基礎)+(?:操作)?(?:命令|指令)`,
  String.raw`(?:日常|よく使う|基本|運用|管理)の?(?:操作)?コマンド`,
  String.raw`(?:자주 (?:쓰는|사용하는|쓰이는)|유용한|기본|주요|일상|운영|관리) ?(?:명령어?|커맨드)(?: ?모음)?`,
].join('|');
/** Marks and numbers around what it says. */
const WHOLE = phrase(new RegExp(String.raw`^[^\p{L}]*(?:${LISTS})[^\p{L}]*$`, 'iu'));

/** "Comandos de referencia", "Au quotidien", "日常运维命令": what stands below is no procedure. */
export function headsList(heading: string): boolean {
  return WHOLE.test(heading);
}
